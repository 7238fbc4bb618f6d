import { expect, test } from "vitest";
import { questionsOf } from "../../../config/questions";
import { connect } from "../../../kubernetes/api";
import { isAtLeast, readFacts } from "../../../ownership/cluster-facts";
import { apiServer, type Reply } from "../../support/api-server";
import { fleetOf } from "../../support/settings";

const VERSION = "GET /version";
const NODES = "GET /api/v1/nodes?resourceVersion=0";
const { demands } = questionsOf(fleetOf({ catalog: { iris: { nodeSelector: { zone: "a" } } } }));

async function facts(replies: Record<string, Reply>, asked: Parameters<typeof readFacts>[1]) {
  const server = await apiServer(replies);
  return { facts: await readFacts(connect(server.cluster), asked), asked: server.asked };
}

test("nothing is asked that no model needs", async () => {
  expect(await facts({}, {})).toEqual({
    facts: { version: undefined, nodes: undefined, hasMetrics: undefined },
    asked: [],
  });
});

test("the version of a cloud may have a plus", async () => {
  const replies: Record<string, Reply> = {
    [VERSION]: [200, { major: "1", minor: "36+" }],
  };
  expect((await facts(replies, { asksVersion: true })).facts.version).toEqual({
    major: 1,
    minor: 36,
  });
});

test("nodes are listed for a model that needs a certain one, and unknown without the right to", async () => {
  const node = { metadata: { name: "a" } };
  expect((await facts({ [NODES]: [200, { items: [node] }] }, { demands })).facts.nodes).toEqual([node]);
  expect((await facts({ [NODES]: [403, {}] }, { demands })).facts.nodes).toBeUndefined();
});

test.each<[what: string, reply: Reply, hasMetrics: boolean | undefined]>([
  ["there", [200, {}], true],
  ["not there", [404, {}], false],
  ["unknown if it does not answer", [503, "service unavailable"], undefined],
])("a metrics server is %s", async (_what, reply, hasMetrics) => {
  const replies = { "GET /apis/metrics.k8s.io/v1beta1": reply };
  expect((await facts(replies, { asksMetrics: true })).facts.hasMetrics).toBe(hasMetrics);
});

test.each([
  [36, false],
  [37, true],
  [38, true],
])("1.%i is at least 1.37: %s", (minor, is) => {
  expect(isAtLeast({ major: 1, minor }, { major: 1, minor: 37 })).toBe(is);
});
