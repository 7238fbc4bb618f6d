import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SettingsFile } from "../../../cli/settings-file";
import { UserError } from "../../../lib/user-error";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelfleet-settings-"));
  path = join(folder, "Pulumi.dev.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The file after an edit; it held `text` before. */
function edited(text: string | undefined, edit: (file: SettingsFile) => void): string {
  if (text !== undefined) writeFileSync(path, text);
  const file = SettingsFile.read(path);
  edit(file);
  file.write();
  return readFileSync(path, "utf8");
}

const FILE = `# The stack of the garden team.
config:
  # The active models.
  modelfleet:models: # in no order
    - iris
    - wine
  modelfleet:namespace: garden # not models

  # What differs from the defaults.
  modelfleet:catalog:
    iris:
      # Paused until Monday.
      replicas: 0 # not 1
      env: { B: "1", A: 'two' }
encryptionsalt: v1:MaeuLD1hs/Y=:v1:jfJtXlnZWalStjVm:NqcreXAdBZZFK8E55MJK/NQPpzL3oA==:and-more-so-that-the-line-is-long
`;

describe("comments and order survive", () => {
  test("when nothing changes, except that a comment behind a key moves to its own line", () => {
    expect(edited(FILE, () => undefined)).toBe(
      FILE.replace("models: # in no order\n", "models:\n    # in no order\n"),
    );
  });

  test("when a value is replaced", () => {
    const text = edited(FILE, (file) => file.set(["modelfleet:namespace"], "orchard"));
    expect(text).toContain(
      "  modelfleet:namespace: orchard # not models\n\n  # What differs from the defaults.\n",
    );
    expect(text).toContain(
      "# The stack of the garden team.\nconfig:\n  # The active models.\n  modelfleet:models:\n",
    );
  });

  test("when a value inside a map is replaced", () => {
    const text = edited(FILE, (file) => file.set(["modelfleet:catalog", "iris", "replicas"], 2));
    expect(text).toContain(
      "    iris:\n      # Paused until Monday.\n      replicas: 2 # not 1\n      env: { B: \"1\", A: 'two' }\n",
    );
  });

  test("when a key is removed, except for its own comments", () => {
    const file = FILE.replace("models: # in no order", "models:");
    const text = edited(file, (one) => one.remove(["modelfleet:catalog"]));
    expect(text).toBe(file.replace(/\n {2}# What differs.*'two' }\n/s, ""));
  });

  test("when the first key of a map is removed, whose comment belongs to the map", () => {
    const text = edited(FILE, (file) => file.remove(["modelfleet:models"]));
    expect(text).toBe(FILE.replace(/ {2}modelfleet:models.*?wine\n/s, ""));
  });
});

test("a new key goes to the end of its map", () => {
  const text = edited(FILE, (file) => file.set(["modelfleet:adopt"], ["service/churn"]));
  expect(text).toContain("A: 'two' }\n  modelfleet:adopt:\n    - service/churn\nencryptionsalt: ");
});

test("a new setting creates the maps around it that do not exist yet", () => {
  const text = edited("config:\n  modelfleet:models: iris\n", (file) =>
    file.set(["modelfleet:catalog", "iris", "env", "MODEL"], "iris-2"),
  );
  expect(text).toBe(
    "config:\n  modelfleet:models: iris\n  modelfleet:catalog:\n    iris:\n      env:\n        MODEL: iris-2\n",
  );
});

test("an item of a list is set and removed by its index", () => {
  const list = "config:\n  modelfleet:models:\n    - iris # first\n    - wine\n";
  expect(edited(list, (file) => file.set(["modelfleet:models", 1], "digits"))).toBe(
    "config:\n  modelfleet:models:\n    - iris # first\n    - digits\n",
  );
  expect(edited(list, (file) => file.remove(["modelfleet:models", 0]))).toBe(
    "config:\n  modelfleet:models:\n    - wine\n",
  );
});

test("removing a key that is not set leaves the file as it is", () => {
  const text = "config:\n  modelfleet:models: iris\n";
  expect(edited(text, (file) => file.remove(["modelfleet:catalog", "iris", "replicas"]))).toBe(text);
});

describe("a setting is read as plain data", () => {
  test.each([
    ["a string", ["modelfleet:namespace"], "garden"],
    ["a list", ["modelfleet:models"], ["iris", "wine"]],
    ["a number inside maps", ["modelfleet:catalog", "iris", "replicas"], 0],
    ["undefined for a key that is not set", ["modelfleet:adopt"], undefined],
    ["undefined inside a value that is not a map", ["modelfleet:namespace", "inner"], undefined],
  ] as const)("%s", (_, at, expected) => {
    writeFileSync(path, FILE);
    expect(SettingsFile.read(path).get(at)).toEqual(expected);
  });
});

describe("a first setting is written to", () => {
  test.each([
    ["a missing file", undefined, "config:\n  a: 1\n"],
    ["an empty file", "", "config:\n  a: 1\n"],
    ["a file with comments only", "# mine\n", "# mine\n\nconfig:\n  a: 1\n"],
    ["an empty config", "config:\nencryptionsalt: v1:x\n", "config:\n  a: 1\nencryptionsalt: v1:x\n"],
    ["a config that is {}", "config: {}\n", "config: { a: 1 }\n"],
    ["a file without config", "encryptionsalt: v1:x\n", "encryptionsalt: v1:x\nconfig:\n  a: 1\n"],
  ])("%s", (_, text, expected) => {
    expect(edited(text, (file) => file.set(["a"], 1))).toBe(expected);
  });

  test("an entry of the catalog that is empty", () => {
    const text = "config:\n  modelfleet:catalog:\n    iris:\n    wine: {}\n";
    expect(edited(text, (file) => file.set(["modelfleet:catalog", "iris", "replicas"], 2))).toBe(
      "config:\n  modelfleet:catalog:\n    iris:\n      replicas: 2\n    wine: {}\n",
    );
  });
});

describe("anchors", () => {
  const anchors = "config:\n  a: &small\n    cpu: 1\n  b: *small # as a\n  c: *small\n";

  test("stay with the values that are not edited", () => {
    expect(edited(anchors, (file) => file.set(["d"], 1))).toBe(`${anchors}  d: 1\n`);
  });

  test("move to the first alias when their value is replaced", () => {
    expect(edited(anchors, (file) => file.set(["a"], "large"))).toBe(
      "config:\n  a: large\n  b: &small\n    cpu: 1\n    # as a\n  c: *small\n",
    );
  });

  test("move to the first alias when their value is removed", () => {
    expect(edited(anchors, (file) => file.remove(["a"]))).toBe(
      "config:\n  b: &small\n    cpu: 1\n    # as a\n  c: *small\n",
    );
  });

  test("are copied when a setting inside an alias changes, so that no other value changes", () => {
    const text = edited(anchors, (file) => file.set(["b", "cpu"], 2));
    expect(text).toBe("config:\n  a: &small\n    cpu: 1\n  b:\n    # as a\n    cpu: 2\n  c: *small\n");
  });

  test("are read as their values, also where << merges them", () => {
    writeFileSync(path, `${anchors}  d:\n    <<: *small\n    memory: 2\n`);
    const file = SettingsFile.read(path);
    expect([file.get(["c"]), file.get(["d"])]).toEqual([{ cpu: 1 }, { cpu: 1, memory: 2 }]);
  });
});

describe("a file is refused and stays as it is", () => {
  test.each([
    ["it is not YAML", "config: [\n", /Pulumi\.dev\.yaml is not valid YAML: .* at line /],
    [
      "it holds a key twice",
      "config:\n  a: 1\n  a: 2\n",
      /not valid YAML: Map keys must be unique at line 3/,
    ],
    ["it is a list", "- config\n", /Pulumi\.dev\.yaml must be a map$/],
    ["config is a string", "config: text\n", /^config of .*Pulumi\.dev\.yaml must be a map$/],
  ])("when %s", (_, text, message) => {
    const edit = () => edited(text, (file) => file.set(["a"], 1));
    expect(edit).toThrow(UserError);
    expect(edit).toThrow(message);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("when the path leads through a string", () => {
    const edit = () => edited(FILE, (file) => file.set(["modelfleet:namespace", "inner"], 1));
    expect(edit).toThrow(/^config\.modelfleet:namespace of .* must be a map$/);
  });
});

test("a file that is a link stays a link, and no part file is left", () => {
  writeFileSync(join(folder, "real.yaml"), "config: {}\n");
  symlinkSync("real.yaml", path);
  edited(undefined, (file) => file.set(["a"], 1));
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, "real.yaml"), "utf8")).toBe("config: { a: 1 }\n");
  expect(readdirSync(folder).sort()).toEqual(["Pulumi.dev.yaml", "real.yaml"]);
});
