// Applies the objects of a file, many at once, with nothing around it: no state, no checks, no question.
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { chosenAccess } from "../../../kubernetes/access";
import { loginTo } from "../../../kubernetes/login";

/** Requests at once: with more than these, the API server of two cores takes no more per second. */
const AT_ONCE = 16;

interface Sent {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const [input = ""] = process.argv.slice(2);
const [namespace, ...objects] = JSON.parse(readFileSync(input, "utf8")) as [Sent, ...Sent[]];

const environment = process.env;
const access = chosenAccess({ kubeconfig: undefined, context: undefined, environment });
const { agent, headers } = await loginTo(access, environment)();
agent.maxSockets = AT_ONCE;

await apply(namespace);
await Promise.all(Array.from({ length: AT_ONCE }, applyNext));
agent.destroy();

async function applyNext(): Promise<void> {
  for (let object = objects.shift(); object; object = objects.shift()) await apply(object);
}

async function apply(object: Sent): Promise<void> {
  const url = new URL(`${access.server}${pathOf(object)}?fieldManager=limit&force=true`);
  const type = { "content-type": "application/apply-patch+yaml" };
  const options = { method: "PATCH", agent, headers: { ...headers, ...type } };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (answer) => {
      answer.resume();
      answer.on("error", reject);
      answer.on("end", () => {
        if (answer.statusCode === 200 || answer.statusCode === 201) resolve();
        else reject(new Error(`${object.kind} ${object.metadata.name}: status ${answer.statusCode}`));
      });
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(object));
  });
}

/** The path of an object. The plural is right for the kinds of the benchmark. */
function pathOf({ apiVersion, kind, metadata }: Sent): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  const plural = `${kind.toLowerCase()}${kind.endsWith("s") ? "es" : "s"}`;
  return `${group}${within}/${plural}/${metadata.name}`;
}
