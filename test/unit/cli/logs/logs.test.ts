import { describe, expect, test } from "vitest";
import { follow } from "../../../../cli/logs/follow";
import { modelLog } from "../../../../cli/logs/logs";
import { prefixer } from "../../../../cli/logs/output";
import { connect } from "../../../../kubernetes/api";
import { UserError } from "../../../../lib/user-error";
import { apiServer, type Reply } from "../../../support/api-server";

const PODS = "/api/v1/namespaces/models/pods";
const SELECTOR = "app.kubernetes.io%2Fname%3Diris%2Capp.kubernetes.io%2Finstance%3Dprod";
const logOf = (pod: string, more = "") => `GET ${PODS}/${pod}/log?container=model&timestamps=true${more}`;
const at = (second: number) => `2026-01-01T00:00:0${second}.000000000Z`;

function pod(name: string, status: object = {}) {
  return { metadata: { name, uid: name, creationTimestamp: at(0) }, status: { containerStatuses: [status] } };
}

async function fleetWith(replies: Readonly<Record<string, Reply>>) {
  const { cluster, asked } = await apiServer(replies);
  return { fleet: { api: connect(cluster), namespace: "models", stack: "prod" }, asked };
}

describe("the logs of a model", () => {
  const printed = async (replies: Readonly<Record<string, Reply>>, previous = false) => {
    const { fleet } = await fleetWith(replies);
    const lines: string[] = [];
    const pods = [pod("iris-1"), pod("iris-2")];
    for await (const [name, { text }] of modelLog(fleet, pods, previous)) lines.push(`${name} ${text}`);
    return lines;
  };

  test("are those of all pods, by time", async () => {
    const lines = await printed({
      [logOf("iris-1")]: [200, `${at(1)} start\n${at(3)} end\n`],
      [logOf("iris-2")]: [200, `${at(2)} start\n`],
    });
    expect(lines).toEqual(["iris-1 start", "iris-2 start", "iris-1 end"]);
  });

  test("leave out a pod that has none", async () => {
    const lines = await printed(
      {
        [logOf("iris-1", "&previous=true")]: [400, { message: "previous container not found" }],
        [logOf("iris-2", "&previous=true")]: [200, `${at(2)} end\n`],
      },
      true,
    );
    expect(lines).toEqual(["iris-2 end"]);
  });

  test("are an error with the API server's reasons if no pod has one", async () => {
    const starting: Reply = [400, { message: "container is waiting to start" }];
    await expect(printed({ [logOf("iris-1")]: starting, [logOf("iris-2")]: starting })).rejects.toThrow(
      new UserError(
        "pod iris-1 has no log: container is waiting to start\npod iris-2 has no log: container is waiting to start",
      ),
    );
  });

  test("are an error with the right to ask for if the account may not read them", async () => {
    await expect(printed({ [logOf("iris-1")]: [403, { message: "no" }] })).rejects.toThrow(
      /refuses to get pods\/log of iris-1 \(403: no\); ask for that right/,
    );
  });
});

test("a followed log goes on where its connection broke, and is read once after its container ended", async () => {
  const { fleet, asked } = await fleetWith({
    [`GET ${PODS}?labelSelector=${SELECTOR}`]: [
      200,
      {
        items: [
          pod("iris-1", { state: { running: {} } }),
          pod("iris-2", { state: { waiting: {} }, lastState: { terminated: { exitCode: 1 } } }),
          pod("iris-3", { state: { waiting: {} } }),
        ],
      },
    ],
    [logOf("iris-1", "&follow=true")]: [200, `${at(1)} one\n${at(2)} two\n`],
    [logOf("iris-1", `&follow=true&sinceTime=${encodeURIComponent(at(2))}`)]: [
      200,
      `${at(2)} two\n${at(3)} three\n`,
    ],
    [logOf("iris-2", "&follow=true")]: [200, `${at(1)} crashed\n`],
  });
  const lines: string[] = [];
  const print = (name: string, text: string) => {
    lines.push(`${name} ${text}`);
    // The only way out of a command that ends with Ctrl-C.
    return text === "three" ? Promise.reject(new UserError("enough")) : Promise.resolve();
  };
  await expect(follow(fleet, "iris", print, 50)).rejects.toThrow("enough");
  expect(lines.sort()).toEqual(["iris-1 one", "iris-1 three", "iris-1 two", "iris-2 crashed"]);
  expect(asked.filter((line) => line.includes("iris-2/log"))).toHaveLength(1);
});

test("the name of each pod is before its lines, in its own colour on a terminal", () => {
  const plain = prefixer(false);
  expect([plain("iris-1", "one"), plain("iris-2", "two")]).toEqual(["iris-1 one", "iris-2 two"]);
  const coloured = prefixer(true);
  expect([coloured("a", "1"), coloured("b", "2"), coloured("a", "3")]).toEqual([
    "\u001b[36ma\u001b[39m 1",
    "\u001b[33mb\u001b[39m 2",
    "\u001b[36ma\u001b[39m 3",
  ]);
});
