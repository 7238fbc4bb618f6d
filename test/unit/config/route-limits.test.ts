import { describe, expect, test } from "vitest";
import { createFleet } from "../../../components/fleet";
import { manifests, registered } from "../../../dev/registered";
import { fleetOf, IMAGE, onGateway, problems, withImage } from "../../support/settings";

/** A model with so many paths, and so many variants that headers name. */
function settings(paths: number, named: number, routing: Record<string, unknown> = {}) {
  const aliases = Array.from({ length: paths - 1 }, (_, index) => `/a${index}`);
  const challengers = Array.from({ length: named }, (_, index) => [
    `v${index}`,
    { headers: { x: `${index}` } },
  ]);
  const variants = { default: {}, ...(Object.fromEntries(challengers) as object) };
  const more = named > 0 ? { champion: "default", variants } : {};
  return withImage({ ...onGateway(routing), catalog: { iris: { aliases, ...more } } });
}

const OPENAI = { openai: true, defaultBackend: { image: IMAGE } };

describe("an HTTPRoute has at most 16 rules", () => {
  test.each([
    [16, 0, {}],
    [4, 3, {}],
    [15, 0, OPENAI],
    [3, 3, OPENAI],
  ])("which %i paths and %i variants with headers fill", async (paths, named, routing) => {
    const fleet = fleetOf(settings(paths, named, routing));
    const resources = await registered(() => {
      createFleet({ ...fleet, stack: "dev" }, { managesNamespace: true });
    });
    const route = manifests(resources).find(
      ({ kind, metadata }) => kind === "HTTPRoute" && metadata?.["name"] === "iris",
    ) as unknown as { spec: { rules: unknown[] } };
    expect(route.spec.rules).toHaveLength(16);
  });

  const fix = "remove some of its aliases, routing.formerPathPrefixes or headers of variants";
  test.each([
    [17, 0, {}, "17 x 1 = 17 rules (17 paths)"],
    [6, 2, {}, "6 x 3 = 18 rules (6 paths, variants with headers: 2)"],
    [16, 0, OPENAI, "17 x 1 = 17 rules (16 paths, the one of routing.openai)"],
    [4, 3, OPENAI, "5 x 4 = 20 rules (4 paths, the one of routing.openai, variants with headers: 3)"],
  ])("and %i paths and %i variants with headers are more", (paths, named, routing, numbers) => {
    expect(problems(settings(paths, named, routing))).toEqual([
      `catalog.iris: its HTTPRoute would have ${numbers}, and at most 16 are possible; ${fix}`,
    ]);
  });

  test("which an Ingress has not", () => {
    expect(problems(settings(17, 0, { flavour: "ingress" }))).toEqual([]);
  });
});

test("an HTTPRoute has at most 16 hosts", () => {
  const hosts = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.example`);
  const found = (additionalHosts: string[], flavour: string) =>
    problems(withImage(onGateway({ host: "a.example", additionalHosts, flavour })));
  expect(found(hosts(15), "gateway")).toEqual([]);
  expect(found(hosts(16), "both")).toEqual([
    "routing.additionalHosts: are 17 hosts with routing.host, and an HTTPRoute has at most 16; remove some",
  ]);
  expect(found(hosts(16), "ingress")).toEqual([]);
});
