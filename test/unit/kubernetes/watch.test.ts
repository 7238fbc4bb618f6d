import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../../kubernetes/api";
import { watchObjects } from "../../../kubernetes/watch";
import { kubeconfigOf } from "../../support/api-server";

interface Thing {
  readonly metadata: { readonly name: string };
  readonly size?: number;
}

const thing = (name: string, size?: number) => ({ metadata: { name }, ...(size !== undefined && { size }) });

/**
 * An API server with these lists, one per time that it is asked, and a watch that the test writes.
 *
 * @returns What the watch has told, as `name=size`, or `-name` for one that is gone
 */
async function watched(lists: readonly (readonly Thing[])[], statusOfWatch = 200) {
  const watches: ServerResponse[] = [];
  const asked: string[] = [];
  const told: string[] = [];
  let listed = 0;
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.writeHead(url.includes("watch=1") ? statusOfWatch : 200, { "content-type": "application/json" });
    if (url.includes("watch=1")) {
      watches.push(response);
      if (statusOfWatch !== 200) response.end(JSON.stringify({ message: "may not watch things" }));
      else response.flushHeaders();
      return;
    }
    const items = lists[Math.min(listed, lists.length - 1)];
    listed += 1;
    response.end(JSON.stringify({ metadata: { resourceVersion: `${listed}0` }, items }));
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const api = connect({
    ...{ kubeconfig: kubeconfigOf(`http://127.0.0.1:${port}`), context: undefined, environment: process.env },
  });
  const end = new AbortController();
  const seen = (name: string, one: Thing | undefined) =>
    told.push(one === undefined ? `-${name}` : `${name}=${one.size ?? ""}`);
  const watching = { labels: { a: "b" }, signal: end.signal };
  const done = watchObjects<Thing>(api, "/things", watching, { seen, listed: () => told.push("all") });
  const send = (...events: readonly object[]) =>
    watches.at(-1)?.write(events.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return { watches, asked, told, end, done, send };
}

test("a watch tells what is there, and every change from then on, until it is to end", async () => {
  const { watches, asked, told, end, done, send } = await watched([[thing("x", 1), thing("y", 1)]]);
  await expect.poll(() => watches.length).toBe(1);
  expect(asked).toEqual([
    "/things?labelSelector=a%3Db",
    "/things?labelSelector=a%3Db&watch=1&resourceVersion=10&timeoutSeconds=60",
  ]);
  send({ type: "MODIFIED", object: thing("x", 2) }, { type: "DELETED", object: thing("y", 1) });
  // In two pieces.
  watches[0]?.write('{"type":"ADDED","object":{"metadata":{"na');
  watches[0]?.write('me":"z"}}}\n');
  await expect.poll(() => told).toEqual(["x=1", "y=1", "all", "x=2", "-y", "z="]);
  end.abort();
  await done;
});

test("a watch that the server ends, or whose past the server has forgotten, begins again, and tells what went meanwhile", async () => {
  const lists = [[thing("x", 1), thing("y", 1)], [thing("x", 2)], [thing("x", 3)]];
  const { watches, told, end, done, send } = await watched(lists);
  await expect.poll(() => watches.length).toBe(1);
  watches[0]?.end();
  await expect.poll(() => watches.length, { timeout: 5000 }).toBe(2);
  expect(told).toEqual(["x=1", "y=1", "all", "-y", "x=2", "all"]);
  send({ type: "ERROR", object: { code: 410 } });
  await expect.poll(() => watches.length, { timeout: 5000 }).toBe(3);
  expect(told.slice(-2)).toEqual(["x=3", "all"]);
  end.abort();
  await done;
});

test("a watch that the API server cannot give now begins again", async () => {
  const { watches, told, end, done } = await watched([[thing("x", 1)], [thing("x", 2)]], 500);
  await expect.poll(() => watches.length, { timeout: 5000 }).toBe(2);
  expect(told).toEqual(["x=1", "all", "x=2", "all"]);
  end.abort();
  await done;
});

test("a watch that the account may not have is an error that names the right", async () => {
  const { done } = await watched([[]], 403);
  await expect(done).rejects.toThrow(
    /refuses to watch things \(403: may not watch things\); ask for that right/,
  );
});
