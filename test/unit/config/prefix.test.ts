import { expect, test } from "vitest";
import { inProject, misplacedSettings } from "../../../config/prefix";
import { UserError } from "../../../lib/user-error";

test("a setting of the fleet under the project's own name is a problem, unless it is set under both names", () => {
  const keys = ["my-team:models", "my-team:namespace", "modelfleet:namespace", "my-team:other", "aws:models"];
  expect(misplacedSettings(keys, "my-team")).toEqual([
    'my-team:models: has no effect; the fleet\'s settings begin with "modelfleet:" in every project; ' +
      "rename it to modelfleet:models in the stack's file, as `pulumi config set modelfleet:models` writes it",
  ]);
  expect(misplacedSettings(["modelfleet:models"], "modelfleet")).toEqual([]);
});

test("commands that set a setting name its prefix in another project than modelfleet", () => {
  const error = new UserError(
    "`pulumi config set models iris`, `pulumi config set --secret --path 'secrets.iris.KEY'`, " +
      "`pulumi config rm kubernetes:namespace`, `pulumi config rm --path secrets.iris`",
  );
  expect(inProject(error, "my-team/prod")).toEqual(
    new UserError(
      "`pulumi config set modelfleet:models iris`, `pulumi config set --secret --path 'modelfleet:secrets.iris.KEY'`, " +
        "`pulumi config rm kubernetes:namespace`, `pulumi config rm --path modelfleet:secrets.iris`",
    ),
  );
  expect(inProject(error, "prod")).toBe(error);
});
