import { expect, test } from "vitest";
import { problemOfRename } from "../../../components/renamed";

test.each<[string, string | undefined, unknown]>([
  ["keeps its name", "deployment/iris", "models"],
  ["is in a namespace that is not known yet", "deployment/iris", {}],
])("a transform may change an object that %s", (_what, object, where) => {
  expect(problemOfRename("deployment/iris", "models", object, where)).toBeUndefined();
});

test.each<[string, string | undefined, unknown, string]>([
  ["name", "deployment/wine", "models", 'deployment/wine in namespace "models"'],
  ["namespace", "deployment/iris", "theirs", 'deployment/iris in namespace "theirs"'],
])("a transform may not change an object's %s", (_what, object, where, now) => {
  expect(problemOfRename("deployment/iris", "models", object, where)).toBe(
    `deployment/iris: a transform of the program makes it ${now}, which nobody has checked for other owners; ` +
      "it was not applied: leave metadata.name and metadata.namespace as they are",
  );
});
