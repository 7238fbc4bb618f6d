import { realpathSync } from "node:fs";
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { readIfThere } from "../lib/read-if-there";
import { UserError } from "../lib/user-error";
import { writeWhole } from "../lib/write-whole";

/** Where a setting is, from its key in `config`: `["modelfleet:catalog", "iris", "replicas"]`. */
export type SettingPath = readonly [key: string, ...inner: (string | number)[]];

/** Pulumi keeps a stack's settings under this key of its file. */
const CONFIG = "config";

/**
 * A stack's settings file (`Pulumi.<stack>.yaml`). Edits keep comments, order and anchors, but may change indentation
 * and line breaks to those of the YAML writer. `write` saves it.
 */
export class SettingsFile {
  private constructor(
    private readonly path: string,
    private readonly document: Document,
  ) {}

  /**
   * @param path The file. A missing one counts as empty.
   * @throws UserError when it is not YAML, or neither empty nor a map
   */
  static read(path: string): SettingsFile {
    // `merge`, since Pulumi knows `<<` too.
    const document: Document = parseDocument(readIfThere(path), { merge: true });
    const [error] = document.errors;
    if (error !== undefined) throw new UserError(`${path} is not valid YAML: ${error.message.trim()}`);
    if (document.contents && !isMap(document.contents) && !isEmpty(document.contents))
      throw new UserError(`${path} must be a map`);
    return new SettingsFile(path, document);
  }

  /** The whole text, as it is saved. */
  text(): string {
    // 0 is no limit: a long value must stay on its line.
    return this.document.toString({ lineWidth: 0 });
  }

  /** A setting as plain data; undefined when it is not set. */
  get(path: SettingPath): unknown {
    let value: unknown = this.document.toJS();
    for (const key of [CONFIG, ...path]) value = (value as Record<string, unknown> | null | undefined)?.[key];
    return value;
  }

  /**
   * Sets a setting to plain data. A new key goes to the end of its map.
   *
   * @throws UserError when the path leads through a string or a number
   */
  set(path: SettingPath, value: unknown): void {
    this.openParents(path);
    const old = this.nodeAt([CONFIG, ...path]);
    const node = this.document.createNode(value, { aliasDuplicateObjects: false });
    keepComments(node, old);
    this.document.setIn([CONFIG, ...path], node);
    this.keepAnchors(old);
  }

  /** Inserts plain data into a list, before the item with this index. */
  insert(path: SettingPath, index: number, value: unknown): void {
    this.openParents([...path, index]);
    const list = this.nodeAt([CONFIG, ...path]);
    if (!isSeq(list)) throw new UserError(`${path.join(".")} of ${this.path} must be a list`);
    list.items.splice(index, 0, this.document.createNode(value));
  }

  /**
   * Removes a setting, with the comments above it, except for the first of its map: those belong to the map. Does
   * nothing when it is not set.
   */
  remove(path: SettingPath): void {
    if (this.get(path) === undefined) return;
    this.openParents(path);
    const old = this.nodeAt([CONFIG, ...path]);
    this.document.deleteIn([CONFIG, ...path]);
    this.keepAnchors(old);
  }

  /** Saves the file, whole or not at all. */
  write(): void {
    writeWhole(realPath(this.path), this.text());
  }

  private nodeAt(path: readonly (string | number)[]): Node | undefined {
    const node: unknown = this.document.getIn(path, true);
    return isNode(node) ? node : undefined;
  }

  /** Replaces each empty parent (`config:` without a value) with a map, and each alias of a map with a copy. */
  private openParents(path: SettingPath): void {
    for (let length = 0; length < path.length; length += 1) {
      const parents = [CONFIG, ...path.slice(0, length)];
      const node = this.nodeAt(parents);
      const target = isAlias(node) ? node.resolve(this.document) : undefined;
      if (target !== undefined) this.replace(parents, withoutAnchors(target));
      else if (isEmpty(node)) this.replace(parents, this.document.createNode({}));
      else if (isScalar(node)) throw new UserError(`${parents.join(".")} of ${this.path} must be a map`);
    }
  }

  private replace(path: readonly (string | number)[], node: Node): void {
    keepComments(node, this.nodeAt(path));
    this.document.setIn(path, node);
  }

  /** If aliases still refer to a node that is gone, the first alias becomes that node. */
  private keepAnchors(gone: Node | undefined): void {
    if (gone === undefined) return;
    for (const node of anchored(gone)) {
      visit(this.document, {
        Alias: (_key, alias) => {
          if (alias.source !== node.anchor || alias.resolve(this.document) !== undefined) return undefined;
          keepComments(node, alias);
          return node;
        },
      });
    }
  }
}

type Anchored = Node & { anchor: string };

function anchored(root: Node): Anchored[] {
  const found: Anchored[] = [];
  visit(root, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) found.push(node as Anchored);
    },
  });
  return found;
}

function withoutAnchors(node: Node): Node {
  const copy = node.clone() as Node;
  for (const each of anchored(copy)) delete (each as { anchor?: string }).anchor;
  return copy;
}

function keepComments(node: Node, old: Node | undefined): void {
  let { commentBefore = null, comment = null } = old ?? {};
  // A comment behind a plain value goes above a map or list, unless an anchor is there: after these it goes below.
  if (isCollection(node) && !isCollection(old) && comment && node.anchor === undefined) {
    commentBefore = [commentBefore, comment].filter(Boolean).join("\n");
    comment = null;
  }
  Object.assign(node, { commentBefore, comment, spaceBefore: old?.spaceBefore ?? false });
}

function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

/** The target of a link, since a rename would replace the link itself. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return path;
    throw error;
  }
}
