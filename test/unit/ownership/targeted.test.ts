import { describe, expect, test } from "vitest";
import type { Applied } from "../../../config/applied";
import type { Announcement, Kind, ObjectName } from "../../../fleet/objects";
import { applyAnnotations, fieldManager, fleetLabels, UNDONE, VERSION_OF } from "../../../fleet/owner";
import type { Plan } from "../../../ownership/finding";
import type { Existing, Snapshot } from "../../../ownership/snapshot";
import { whyWholeHere } from "../../../ownership/targeted";
import { NO_GATEWAY } from "../../support/settings";

const OTHERS: Announcement[] = (
  ["deployment/wine", "service/wine", "secret/wine-env", "secret/wine-env-*"] as const
).map((object) => ({ object, by: 'model "wine"' }));

function existing(object: ObjectName, more: object = {}): Existing {
  const [kind, name = ""] = object.split("/") as [Kind, string];
  const model = name.split("-")[0] ?? "";
  const annotations = { ...applyAnnotations("dev"), ...more };
  return { kind, object, metadata: { name, labels: fleetLabels(model, "dev"), annotations } };
}

/** Another model's Deployment, as the stack applied it at this time. */
function appliedAt(time: string): Existing {
  const { metadata, ...rest } = existing("deployment/wine");
  const managedFields = [{ manager: fieldManager("dev"), operation: "Apply", time }];
  return { ...rest, metadata: { ...metadata, managedFields } };
}

const ALL = [
  existing("deployment/wine"),
  existing("service/wine"),
  existing("secret/wine-env"),
  existing("secret/wine-env-0123456789", { [VERSION_OF]: "wine-env" }),
];

/** The stack's Namespace. */
const NAMESPACE = existing("namespace/models" as ObjectName);

function why(
  found: readonly Existing[],
  plan: Partial<Plan> = {},
  ingresses: Snapshot["ingresses"] = [],
  record: Partial<Applied> = {},
) {
  const announced = new Set<string>([...OTHERS.map(({ object }) => object), "deployment/iris"]);
  const whole = {
    ...{ stack: "dev", namespace: "models", routing: {}, gateway: NO_GATEWAY, adopt: [], announced },
    models: ["iris", "wine"].map((id) => ({ id, path: `/models/${id}` })),
    ...plan,
  } as unknown as Plan;
  const kinds = new Map<Kind, Existing[]>([["service", []]]);
  for (const one of found) kinds.set(one.kind, [...(kinds.get(one.kind) ?? []), one]);
  const last = { applied: { fleet: "", shared: "", models: {}, at: "2026-01-01T10:00:00Z", ...record } };
  const snapshot = {
    last,
    namespace: NAMESPACE,
    objects: kinds,
    httpRoutes: [],
    ingresses,
    seesAllIngresses: true,
  };
  return whyWholeHere(whole, snapshot, { only: new Set(["iris"]), untouched: OTHERS });
}

describe("an update of a model alone is enough", () => {
  test("if the other models are as the last update left them", () => {
    expect(why(ALL)).toBeUndefined();
    expect(why([appliedAt("2026-01-01T10:00:00Z"), ...ALL.slice(1)])).toBeUndefined();
  });

  test("if objects of this model are to be deleted", () => {
    expect(why([...ALL, existing("service/iris")])).toBeUndefined();
  });

  test("if objects of others are in the namespace", () => {
    const theirs = { kind: "service", object: "service/theirs", metadata: { name: "theirs" } } as const;
    expect(why([...ALL, theirs])).toBeUndefined();
  });

  test("if versions of Secrets are left over, which go by themselves", () => {
    expect(
      why([...ALL, existing("secret/wine-env-9876543210", { [VERSION_OF]: "wine-env" })]),
    ).toBeUndefined();
  });
});

describe("the whole fleet is updated", () => {
  test.each<[string, readonly Existing[], string]>([
    [
      "an object of another model is missing",
      ALL.filter(({ object }) => object !== "service/wine"),
      "service/wine is missing in the cluster",
    ],
    ["so is a version of a Secret", ALL.slice(0, 3), "secret/wine-env-* is missing in the cluster"],
    [
      "another model is to be deleted, such as after an update whose deletion failed",
      [...ALL, existing("deployment/churn")],
      "deployment/churn is to be deleted too",
    ],
    [
      "an update that was killed took fields of another model over",
      [existing("deployment/wine", { [UNDONE]: "pending 1" }), ...ALL.slice(1)],
      "somebody changed deployment/wine",
    ],
    [
      "an update that was killed has changed another model",
      [appliedAt("2026-01-01T10:00:01Z"), ...ALL.slice(1)],
      "deployment/wine is newer than the last update that ended",
    ],
  ])("if %s", (_what, found, expected) => {
    expect(why(found)).toBe(expected);
  });

  test("if the version of a Secret that pods need is missing, and others are there", () => {
    const older = existing("secret/wine-env-9876543210", { [VERSION_OF]: "wine-env" });
    const record = { secretVersions: ["wine-env-0123456789"] };
    expect(why([...ALL, older], {}, [], record)).toBeUndefined();
    expect(why([...ALL.slice(0, 3), older], {}, [], record)).toBe(
      "secret/wine-env-* is missing in the cluster",
    );
  });

  test("if the Namespace has become somebody else's", () => {
    expect(why(ALL, {}, [], { managesNamespace: true })).toBeUndefined();
    expect(why(ALL, {}, [], { managesNamespace: false })).toBe("the Namespace is the stack's again");
  });

  test("if the Ingress must wait for another model", () => {
    const theirs = {
      metadata: { namespace: "old", name: "front" },
      spec: { rules: [{ http: { paths: [{ path: "/models/wine" }] } }] },
    };
    expect(why(ALL, { adopt: ["ingress/old/front"] }, [theirs])).toBe(
      'requests for model "wine" go elsewhere so far',
    );
  });
});
