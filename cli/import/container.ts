import { isMap } from "../../config/merge";
import { pathText } from "../../config/problem";
import type { ContainerObject } from "../adopt/objects";
import { startupSecondsOf } from "../adopt/probes";
import { type Draft, holdsSecret } from "./draft";
import { carryFields, elsewhere, type Field, lost } from "./fields";
import { carryUser } from "./pod";

/** The fields of a Kubernetes container, wherever a document has one. */

type Carry = NonNullable<Field["carry"]>;

/** By `podSpec`, which lays a field over the model's container. */
const overContainer: Carry = (value, draft, path) =>
  draft.addToContainer(path.slice(path.lastIndexOf(".") + 1), value, path);

const START = "startupSeconds says how long the start may take";
const PROBE_LOST: readonly Field[] = [
  { field: "httpGet.port", carry: elsewhere },
  {
    field: "httpGet.scheme",
    carry: (value, draft, path) => void (value === "HTTPS" && draft.note(path, lost("models speak HTTP"))),
  },
  { field: "httpGet.host", text: "the pod itself is asked" },
  { field: "httpGet.httpHeaders", text: "the server must answer without these headers" },
  { field: "exec", text: "the server must answer HTTP at readiness.path" },
  { field: "tcpSocket", text: "the server must answer HTTP at readiness.path" },
  {
    field: "grpc",
    setting: "protocol",
    text: "`grpc`",
    carry: (_, draft, path) => draft.set("protocol", "grpc", path),
  },
  { field: "initialDelaySeconds", text: START },
  {
    field: "successThreshold",
    carry: (value, draft, path) => void (value !== 1 && draft.note(path, lost("one answer is enough"))),
  },
  { field: "terminationGracePeriodSeconds", text: "drainSeconds says how long requests may take to end" },
];
const TIMES = ["periodSeconds", "timeoutSeconds", "failureThreshold"];

/** The fields of a probe. @param group The map of settings that it becomes. */
export function probeFields(group: "readiness" | "liveness"): Field[] {
  return [
    { field: "httpGet.path", setting: `${group}.path` },
    ...TIMES.map((field) => ({ field, setting: `${group}.${field}` })),
    ...PROBE_LOST,
  ];
}

function carryProbe(group: "readiness" | "liveness"): Carry {
  return (value, draft, path) => carryFields(probeFields(group), value, draft, path);
}

const carryStart: Carry = (value, draft, path) => {
  const probe = draft.map(value, path);
  if (probe === undefined) return;
  const times = { startedIn: undefined, deadline: undefined, otherwise: 1 };
  const startupProbe = probe as NonNullable<ContainerObject["startupProbe"]>;
  draft.set("startupSeconds", startupSecondsOf({ startupProbe }, times), path);
  const known = ["httpGet", "exec", "tcpSocket", "grpc", "initialDelaySeconds", "successThreshold", ...TIMES];
  carryFields(
    known.map((field) => ({ field, carry: elsewhere })),
    probe,
    draft,
    path,
  );
};

/** `containerPort`s: the first one that is for requests, and whether it speaks gRPC. */
const carryPorts: Carry = (value, draft, path) => {
  const ports = draft.list(value, path).filter(isMap);
  const isGrpc = ({ name }: Readonly<Record<string, unknown>>) => /^(h2c|grpc)/.test(String(name));
  const index = Math.max(
    0,
    ports.findIndex(({ name }) => /^http/.test(String(name))),
  );
  const main = ports[index];
  if (main === undefined) return;
  draft.set("port", main["containerPort"], `${path}[${index}]`);
  if (isGrpc(main)) draft.set("protocol", "grpc", `${path}[${index}].name`);
  ports.forEach((port, other) => {
    if (port !== main)
      draft.note(`${path}[${other}]`, lost("a model has one port; metrics.port may be another"));
  });
};

/** Variables; a secret in plain text is named, and never shown. */
export function carryEnv(value: unknown, draft: Draft, path: string): void {
  draft.list(value, path).forEach((item, index) => {
    const at = `${path}[${index}]`;
    const variable = draft.map(item, at);
    if (variable === undefined) return;
    const { name, value: text = "", valueFrom } = variable;
    setVariable(draft, String(name), valueFrom ?? text, at);
  });
}

/** A variable: a text, or where its text comes from. */
export function setVariable(draft: Draft, name: string, value: unknown, path: string): void {
  if (!isMap(value) && holdsSecret(name, value)) {
    const key = pathText(["secrets", draft.name, name]);
    draft.note(
      path,
      `holds a secret in plain text, which is left out; \`pulumi config set --secret --path '${key}'\``,
    );
  } else draft.set(["env", name], value, path);
}

/** What the pods of a fleet have anyway. */
const SAME: Readonly<Record<string, unknown>> = {
  allowPrivilegeEscalation: false,
  privileged: false,
  runAsNonRoot: true,
};

const carrySecurity: Carry = (value, draft, path) => {
  const same = Object.entries(SAME).map(([field, is]): Field => ({
    field,
    carry: (own, to, at) => void (own !== is && to.note(at, lost("podSecurity says what the pods may do"))),
  }));
  const own: Field[] = [
    { field: "runAsUser", carry: carryUser },
    { field: "readOnlyRootFilesystem", setting: "readOnlyRootFilesystem" },
    { field: "capabilities.drop", carry: elsewhere },
    { field: "capabilities.add", text: "podSecurity says what the pods may do" },
    { field: "seccompProfile.type", carry: elsewhere },
    {
      field: "runAsGroup",
      carry: (group, to, at) => to.addToContainer("securityContext", { runAsGroup: group }, at),
    },
  ];
  carryFields([...same, ...own], value, draft, path);
};

/** Which request of a claim the container wants; the claims are the pod's. */
function carryClaims(value: unknown, draft: Draft, path: string): void {
  const claims = draft.settings["resourceClaims"];
  for (const claim of draft.list(value, path).filter(isMap)) {
    const own = (Array.isArray(claims) ? claims : []).find(
      (one) => isMap(one) && one["name"] === claim["name"],
    ) as unknown;
    if (isMap(own) && claim["request"] !== undefined) own["request"] = claim["request"];
  }
}

const NO_LIFECYCLE =
  "drainSeconds says how long requests may take to end, and a pod serves while it leaves the routes";

/** The fields of a container; the pod carries its `volumeMounts`. */
export const CONTAINER_FIELDS: readonly Field[] = [
  { field: "name", carry: elsewhere },
  { field: "image", setting: "image" },
  { field: "command", setting: "command" },
  { field: "args", setting: "args" },
  {
    field: "env",
    setting: "env",
    text: "a value from a Secret, ConfigMap or field too; a secret in plain text is named, and left out",
    carry: carryEnv,
  },
  { field: "envFrom", setting: "envFrom" },
  {
    field: "ports",
    setting: "port, protocol",
    text: "the first one for HTTP; `grpc` if its name is h2c or grpc",
    carry: carryPorts,
  },
  { field: "resources.requests", setting: "resources.requests" },
  { field: "resources.limits", setting: "resources.limits" },
  { field: "resources.claims", setting: "resourceClaims", carry: carryClaims },
  { field: "imagePullPolicy", setting: "imagePullPolicy" },
  { field: "readinessProbe", setting: "readiness", carry: carryProbe("readiness") },
  { field: "livenessProbe", setting: "liveness", carry: carryProbe("liveness") },
  {
    field: "startupProbe",
    setting: "startupSeconds",
    text: "all of its attempts together",
    carry: carryStart,
  },
  { field: "volumeMounts", setting: "volumes, shm", text: "with `volumes` of the pod", carry: elsewhere },
  {
    field: "securityContext",
    setting: "runAsUser, podSecurity, readOnlyRootFilesystem",
    text: "what every pod has anyway is left out",
    carry: carrySecurity,
  },
  { field: "lifecycle", text: NO_LIFECYCLE },
  ...[
    "workingDir",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "stdin",
    "tty",
    "volumeDevices",
    "resizePolicy",
  ].map((field): Field => ({ field, setting: "podSpec", carry: overContainer })),
];
