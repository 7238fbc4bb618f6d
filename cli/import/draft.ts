import { isMap } from "../../config/merge";
import { secretsInPlainText } from "../../config/plain-text";
import { pathText, problem, type Problem } from "../../config/problem";
import { addToContainer, addToPod } from "../pod-settings";
import type { Base } from "./base";

/** A document of another system, and where it stands. */
export interface Source {
  /** As messages name it: `models.yaml, document 2`. */
  readonly place: string;
  readonly kind: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** What there is to say about all documents. */
export interface Report {
  /** Fields that are not carried over, with what to do, and the documents that have them. */
  readonly notes: Map<string, Set<string>>;
  /** Why nothing is imported. */
  readonly problems: Problem[];
  /** The documents that have one of these. */
  readonly failed: Set<Source>;
  /** Settings of the fleet as a whole that the models need, by key. */
  readonly fleet: Record<string, Record<string, unknown>>;
  /** By runtime: what of a document becomes which variable of its model. */
  readonly placeholders: Map<string, ReadonlyMap<string, string>>;
  /** Documents that models may name, by kind and name: `ServingRuntime/triton`. */
  readonly named: ReadonlyMap<string, Source>;
}

/** The settings of a model, of a variant or of a runtime while they are collected. */
export class Draft {
  readonly settings: Record<string, unknown> = {};
  /** The field that each setting comes from. */
  readonly fields = new Map<string, string>();

  constructor(
    readonly name: string,
    readonly source: Source,
    readonly report: Report,
    readonly base: Base,
  ) {}

  /** Other settings from the same document, such as those of a variant. */
  branch(): Draft {
    return new Draft(this.name, this.source, this.report, this.base);
  }

  /** @param setting Its key, or the path to it. @param field The path of the field in the document. */
  set(setting: string | readonly string[], value: unknown, field: string): void {
    const keys = typeof setting === "string" ? setting.split(".") : setting;
    let map = this.settings;
    for (const key of keys.slice(0, -1)) {
      if (!isMap(map[key])) map[key] = {};
      map = map[key] as Record<string, unknown>;
    }
    map[keys.at(-1) ?? ""] = structuredClone(value);
    this.fields.set(pathText(keys), field);
  }

  /** Lays a piece of a pod over that of the model. */
  addToPod(field: string, value: unknown, from: string): void {
    addToPod(this.settings, field, value);
    this.fields.set(`podSpec.${field}`, from);
  }

  /** Lays a field over the container of the model. */
  addToContainer(field: string, value: unknown, from: string): void {
    addToContainer(this.settings, field, value);
    this.fields.set("podSpec.containers", from);
  }

  note(field: string, text: string): void {
    const line = `${field}: ${text}`;
    const names = this.report.notes.get(line) ?? new Set();
    this.report.notes.set(line, names.add(this.name));
  }

  problem(field: string, value: unknown, rule: string, fix: string): void {
    this.report.failed.add(this.source);
    this.report.problems.push(`${this.source.place}: ${problem(field, value, rule, fix)}`);
  }

  /** A value that must be a map; a problem if it is something else. */
  map(value: unknown, field: string): Readonly<Record<string, unknown>> | undefined {
    if (isMap(value)) return value;
    if (value !== undefined && value !== null) this.problem(field, undefined, "must be a map", "");
    return undefined;
  }

  /** A value that must be a list; none counts as empty. */
  list(value: unknown, field: string): readonly unknown[] {
    if (Array.isArray(value)) return value as unknown[];
    if (value !== undefined && value !== null) this.problem(field, undefined, "must be a list", "");
    return [];
  }
}

/** Whether the settings refuse a variable in plain text. */
export function holdsSecret(name: string, value: unknown): boolean {
  return secretsInPlainText({ catalog: { model: { env: { [name]: value } } } }).length > 0;
}
