import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkVariant, setChampion, whyUnready } from "../../../cli/promote";
import { SettingsFile } from "../../../cli/settings-file";
import { connect } from "../../../kubernetes/api";
import { apiServer } from "../../support/api-server";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "modelfleet-promote-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function settings(text: string): SettingsFile {
  const path = join(folder, "Pulumi.dev.yaml");
  writeFileSync(path, text);
  return SettingsFile.read(path);
}

const IRIS = `config:
  modelfleet:catalog:
    wine: {}
    iris:
      champion: default # since May
      variants:
        default:
        candidate: { image: a/b:2 }
`;

test("a promotion is one line of the settings", () => {
  const file = settings(IRIS);
  expect(setChampion(file, "iris", "candidate")).toEqual(["catalog.iris.champion: default -> candidate"]);
  expect(file.text()).toBe(IRIS.replace("champion: default", "champion: candidate"));
  expect(setChampion(file, "iris", "candidate")).toEqual([]);
});

test.each([
  ["iris", "candidat", '"iris" has no variant "candidat"; did you mean "candidate"?'],
  ["iris", "x", '"iris" has no variant "x"; it has default, candidate'],
  ["wine", "x", '"wine" has no variants; set catalog.wine.variants, as in docs/variants.md'],
])("there is no %s/%s to promote", (id, variant, message) => {
  expect(() => checkVariant(settings(IRIS), id, variant)).toThrow(message);
  expect(() => checkVariant(settings(IRIS), "iris", "candidate")).not.toThrow();
});

describe("a variant is not promoted", () => {
  const why = async (deployment: object | undefined) => {
    const path = "/apis/apps/v1/namespaces/models/deployments/iris-candidate";
    const { cluster } = await apiServer(
      deployment === undefined ? {} : { [`GET ${path}`]: [200, deployment] },
    );
    return whyUnready(connect(cluster), "models", "iris-candidate");
  };

  test("while none of its pods is ready", async () => {
    expect(await why({ spec: { replicas: 2 }, status: { replicas: 2 } })).toBe("is not ready: 0 of 2 pods");
  });

  test("but one that is ready, paused or new is: an update waits for what it starts", async () => {
    expect(await why({ spec: { replicas: 2 }, status: { readyReplicas: 1 } })).toBeUndefined();
    expect(await why({ spec: { replicas: 0 } })).toBeUndefined();
    expect(await why(undefined)).toBeUndefined();
  });
});
