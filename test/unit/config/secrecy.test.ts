import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fleetSettings } from "../../../config/fleet-schema";
import { isSecretKey } from "../../../config/secrecy";
import { problems, withImage } from "../../support/settings";

test("the keys that hold a secret are those that the schema marks", () => {
  for (const [key, rule] of Object.entries(fleetSettings.shape)) {
    const marked = JSON.stringify(z.toJSONSchema(rule, { io: "input" })).includes('"secret":true');
    expect({ key, secret: isSecretKey(key) }).toEqual({ key, secret: marked });
  }
});

describe("the check of secrets", () => {
  test("accepts a model's map of secrets that is empty", () => {
    expect(problems(withImage({ secrets: { iris: {} } }), () => false)).toEqual([]);
  });

  test("refuses a secret that is not encrypted", () => {
    const values = withImage({
      secrets: { iris: { A: "hunter2" } },
      registry: { server: "r.example", username: "u", password: "hunter2" },
    });
    expect(problems(values, () => false)).toEqual([
      "secrets: is not encrypted; set it with `pulumi config set --secret --path 'secrets.<model>.<NAME>'`",
      "registry.password: is not encrypted; set it with `pulumi config set --secret --path 'registry.password'`",
    ]);
  });

  test("refuses a plain secret beside an encrypted secret", () => {
    const values = withImage({
      secrets: { iris: { A: "hunter1", B: "hunter2" } },
      registry: { server: "r.example", username: "u", password: "hunter3" },
    });
    const plain = ["secrets.iris.B", "registry.password"];
    expect(problems(values, (...path) => isSecretKey(path[0]) && !plain.includes(path.join(".")))).toEqual([
      "secrets.iris.B: is not encrypted; set it with `pulumi config set --secret --path 'secrets.iris.B'`",
      "registry.password: is not encrypted; set it with `pulumi config set --secret --path 'registry.password'`",
    ]);
  });

  test("refuses an encrypted value under a key that is not kept secret", () => {
    const values = withImage({ catalog: { iris: { env: { DATABASE_URL: "hunter2" } } } });
    expect(problems(values, (key) => key === "catalog")).toEqual([
      "catalog: holds an encrypted value, which would be in plain text in the state and in the cluster; set it without --secret, and keep secrets in secrets.<model>.<NAME>",
    ]);
  });
});
