import { describe, expect, test } from "vitest";
import { claimsOf, classOf, overlaps } from "../../../ownership/claims";
import type { IngressObject } from "../../../ownership/snapshot";

const claim = (path: string, host?: string, isExact = false) => ({ host, path, isExact });
const ingress = (path: string, pathType = "ImplementationSpecific"): IngressObject => ({
  spec: { rules: [{ http: { paths: [{ path, pathType }] } }] },
});

describe("the requests that an Ingress claims", () => {
  test.each([
    ["/models/iris", "/models/iris"],
    ["/models/iris/", "/models/iris"],
    ["/", "/"],
    // As a fleet behind ingress-nginx writes them.
    ["/(v1\\.0/iris)(/|$)(.*)", "/v1.0/iris"],
    ["/()()(.*)", "/"],
    // As a script writes them, after the manual.
    ["/v1\\.0/iris(/|$)(.*)", "/v1.0/iris"],
    ["/()(.*)", "/"],
    ["/models/?(.*)", "/models"],
    ["/models/(.*)", "/models"],
    ["/models(/.*)?", "/models"],
    ["/models/.*", "/models"],
    ["/(.*)", "/"],
  ])("by %s are those of %s", (path, plain) => {
    expect(claimsOf(ingress(path))).toEqual([claim(plain)]);
  });

  test("by a regular expression of several paths are unknown", () => {
    expect(claimsOf(ingress("/models/(iris|wine)"))).toEqual([]);
  });

  test("include what is left if it has a default backend, and their hosts", () => {
    const rules = [{ host: "a.example", http: { paths: [{ path: "/x", pathType: "Exact" }] } }, {}];
    expect(claimsOf({ spec: { defaultBackend: {}, rules } })).toEqual([
      claim("/"),
      claim("/x", "a.example", true),
    ]);
  });

  test("are none if it is a canary, which shares them on purpose", () => {
    const annotations = { "nginx.ingress.kubernetes.io/canary": "true" };
    expect(claimsOf({ ...ingress("/x"), metadata: { annotations } })).toEqual([]);
  });
});

test("the class of an Ingress is its field, or else its annotation", () => {
  const metadata = { annotations: { "kubernetes.io/ingress.class": "old" } };
  expect(classOf({ metadata, spec: { ingressClassName: "new" } })).toBe("new");
  expect(classOf({ metadata })).toBe("old");
  expect(classOf({})).toBeUndefined();
});

describe("two claims", () => {
  const A = "a.example";
  test.each<[string, ReturnType<typeof claim>, ReturnType<typeof claim>]>([
    ["of one path", claim("/models/iris"), claim("/models/iris")],
    ["of a path inside ours", claim("/models/iris"), claim("/models/iris/admin")],
    ["of an exact path inside ours", claim("/models/iris"), claim("/models/iris/admin", undefined, true)],
    ["of a path around ours", claim("/models/iris"), claim("/models")],
    ["of every host and of one", claim("/x"), claim("/x", A)],
    ["of one host and of every", claim("/x", A), claim("/x")],
    ["of one host in other letters", claim("/x", A), claim("/x", "A.example")],
    ["of a host and its wildcard", claim("/x", A), claim("/x", "*.example")],
    ["of all that is left on one host", claim("/", A), claim("/", A)],
    ["of all that is left on every host", claim("/"), claim("/")],
  ])("%s meet", (_what, ours, theirs) => {
    expect(overlaps([claim("/other"), ours], [theirs])).toEqual([ours]);
  });

  test.each<[string, ReturnType<typeof claim>, ReturnType<typeof claim>]>([
    ["of other paths", claim("/models/m1"), claim("/models/m10")],
    ["of other hosts", claim("/x", A), claim("/x", "b.example")],
    ["of a host and a wildcard for other hosts", claim("/x", "a.b.example"), claim("/x", "*.example")],
    ["of an exact path around ours", claim("/models/iris"), claim("/models", undefined, true)],
    ["of a path and of what is left", claim("/models/iris"), claim("/")],
    ["of what is left and of a path", claim("/"), claim("/models/iris")],
    ["of what is left on every host and on one", claim("/"), claim("/", A)],
  ])("%s do not meet", (_what, ours, theirs) => {
    expect(overlaps([ours], [theirs])).toEqual([]);
  });
});
