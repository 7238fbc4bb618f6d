import { describe, expect, test } from "vitest";
import { KIND_NAMES } from "../../../fleet/objects";
import { IMAGE, problems, withImage } from "../../support/settings";

describe("a problem of the settings", () => {
  const long = "m".repeat(64);
  test.each<[string, Record<string, unknown>, string[]]>([
    [
      "an invalid model ID, with the nearest valid one",
      withImage({ models: "iris,Iris_V2" }),
      [
        'models[1]: "Iris_V2" is not a valid model ID (lower-case letters, digits and "-"; starts with a letter, does not end with "-"); did you mean "iris-v2"?',
      ],
    ],
    [
      "a duplicate",
      withImage({ models: "iris,iris" }),
      ['models[1]: "iris" is listed already as models[0]; remove one of the two'],
    ],
    [
      "an ID that is too long for a Service's name",
      withImage({ models: long }),
      [
        `models[0]: "${long}" is 64 characters long; the name of a Service has at most 63; did you mean "${"m".repeat(63)}"?`,
      ],
    ],
    [
      "an ID that needs a name of the fleet's own objects",
      withImage({ models: "modelfleet-default-backend" }),
      [
        'models[0]: "modelfleet-default-backend" needs an object named "modelfleet-default-backend", which is reserved for the fleet; rename the model',
      ],
    ],
    [
      "an item that is not a string",
      withImage({ models: [1] }),
      ["models[0]: 1 must be a string; give a model ID such as iris"],
    ],
    [
      "a map instead of a list",
      withImage({ models: { a: 1 } }),
      ['models: "{\\"a\\":1}" must be a list; write iris,churn or a JSON list of model IDs'],
    ],
    [
      "an unknown key, with the nearest known one",
      withImage({ modles: "a" }),
      ['modles: unknown key; did you mean "models"?'],
    ],
    [
      "an unknown key inside nested maps",
      withImage({ catalog: { iris: { prot: 1 } } }),
      ['catalog.iris.prot: unknown key; did you mean "port"?'],
    ],
    [
      "a catalog entry that is not a map",
      withImage({ catalog: { iris: "x" } }),
      ['catalog.iris: "x" must be a map'],
    ],
    [
      "a missing image",
      { models: "iris" },
      [
        "catalog.iris.image: is missing; `pulumi config set --path catalog.iris.image <image>`, or defaults.image for all models",
      ],
    ],
    [
      "a missing image of a mistyped ID",
      { models: "irsi", catalog: { iris: { image: IMAGE } } },
      [
        'catalog.irsi.image: is missing; did you mean the model "iris"? Else `pulumi config set --path catalog.irsi.image <image>`, or defaults.image for all models',
      ],
    ],
    [
      "a missing image of an ID beside the one that it resembles",
      { models: "irsi,iris", catalog: { iris: { image: IMAGE } } },
      [
        "catalog.irsi.image: is missing; `pulumi config set --path catalog.irsi.image <image>`, or defaults.image for all models",
      ],
    ],
    [
      "unknown keys, none with the suggestion of another one or with a key that is there",
      withImage({ catalog: { iris: { prot: 1, porrt: 1, enf: {}, env: {} } } }),
      [
        'catalog.iris.prot: unknown key; did you mean "port"?',
        expect.stringMatching(/^catalog\.iris\.porrt: unknown key; (?!did you mean "port")/),
        expect.stringMatching(/^catalog\.iris\.enf: unknown key; (?!did you mean "env")/),
      ],
    ],
    [
      "a wrong type",
      withImage({ defaults: { image: IMAGE, port: "http" } }),
      ['defaults.port: "http" must be a number'],
    ],
    [
      "a number out of range",
      withImage({ catalog: { iris: { replicas: -1 } } }),
      ["catalog.iris.replicas: -1 must be at least 0"],
    ],
    [
      "an address of an unknown scheme, with the forms of the known ones",
      withImage({ catalog: { iris: { storageUri: "ftp://a/b" } } }),
      [expect.stringContaining("pvc://<claim>/<path>, s3://<bucket>/<path>")],
    ],
    [
      "a fraction of a replica",
      withImage({ catalog: { iris: { replicas: 1.5 } } }),
      ["catalog.iris.replicas: 1.5 must be an integer"],
    ],
    [
      "a value that is not a quantity",
      withImage({ catalog: { iris: { resources: { limits: { memory: "lots" } } } } }),
      [
        'catalog.iris.resources.limits.memory: "lots" is not a Kubernetes quantity such as "500m", "2" or "1.5Gi"',
      ],
    ],
    [
      "a request above its limit, even if the two are set in different places",
      withImage({
        defaults: { image: IMAGE, resources: { limits: { memory: "1Gi" } } },
        catalog: { iris: { resources: { requests: { memory: "2Gi" } } } },
      }),
      [
        'catalog.iris.resources.requests.memory: "2Gi" is more than the limit of 1Gi; lower it or raise limits.memory',
      ],
    ],
    [
      "a path inside another's",
      withImage({ models: "iris,wine", catalog: { wine: { path: "/models/iris/wine" } } }),
      [
        'catalog.wine.path: "/models/iris/wine" is inside the path of "iris" (/models/iris); give one of them another path',
      ],
    ],
    [
      "a plain value that looks like a secret",
      withImage({ catalog: { iris: { env: { HF_TOKEN: "x" } } } }),
      [
        'catalog.iris.env.HF_TOKEN: the name "HF_TOKEN" looks like a secret, which must not be in plain text; remove it and run `pulumi config set --secret --path \'secrets.iris.HF_TOKEN\'`, or, if it is no secret, add "HF_TOKEN" to catalog.iris.plain',
      ],
    ],
    [
      "a label that modelfleet sets itself",
      withImage({ catalog: { iris: { labels: { "app.kubernetes.io/name": "x" } } } }),
      [
        'catalog.iris.labels["app.kubernetes.io/name"]: the name "app.kubernetes.io/name" is set by modelfleet itself; choose another key',
      ],
    ],
    [
      "a name in both env and secrets",
      withImage({ catalog: { iris: { env: { A: "1" } } }, secrets: { iris: { A: "2" } } }),
      ["catalog.iris.env.A: is set in secrets.iris too; remove one of the two"],
    ],
    [
      "an object in adopt of a kind that the fleet never makes",
      withImage({ adopt: ["pod/x"] }),
      [
        `adopt[0]: "pod/x" is not "<kind>/<name>" with a kind of ${KIND_NAMES.join(", ")}, nor "ingress/<namespace>/<name>" or "httproute/<namespace>/<name>"`,
      ],
    ],
  ])("is reported: %s", (_what, values, expected) => {
    expect(problems(values)).toEqual(expected);
  });

  test("is reported together with all others", () => {
    const found = problems({
      models: "A,iris",
      catalog: { iris: { prot: 1 } },
      namespace: "N S",
      modles: "",
    });
    expect(found).toEqual([
      expect.stringContaining('models[0]: "A" is not a valid model ID'),
      expect.stringContaining('namespace: "N S" is not a namespace'),
      'catalog.iris.prot: unknown key; did you mean "port"?',
      'modles: unknown key; did you mean "models"?',
      expect.stringContaining("catalog.iris.image: is missing"),
    ]);
  });

  test("never shows a secret's value", () => {
    const values = withImage({
      secrets: { iris: { "bad name": "hunter2", B: ["hunter2"] } },
      registry: { password: 7 },
    });
    const text = problems(values).join("\n");
    expect(text).toContain("secrets.iris");
    expect(text).not.toContain("hunter2");
  });

  test("never shows the value of a registry that is not a map", () => {
    const registry = `{"server":"r.example","username":"u","password":"hunter2","note":"${"x".repeat(100)}",}`;
    expect(problems(withImage({ registry }))).toEqual(["registry: must be a map"]);
  });
});
