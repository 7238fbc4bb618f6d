import { containerSecurity } from "../../components/pod/parts/container";
import { isMap, mapOf, without } from "../../config/merge";
import { INITIALIZER, SERVER } from "../../fleet/names";
import { isEmpty, LOG_IN_STATE, mapped, withoutWritten } from "./fields";
import type { ContainerObject, PodSpec } from "./objects";
import type { Draft } from "./remarks";
import { type OldRoute, targetOf } from "./routes";
import { rightsOf } from "./security";
import { freeName, renamed, type VolumeNames } from "./volumes";

/** The container behind the model's route; the first one if none has that port. */
export function serverOf({ containers }: PodSpec, routes: readonly OldRoute[]): ContainerObject {
  const targets = routes.map(targetOf).filter((one) => one !== undefined);
  const isTarget = ({ ports = [] }: ContainerObject) =>
    ports.some(({ name, containerPort }) => targets.some((one) => one === name || one === containerPort));
  return containers.find(isTarget) ?? containers[0] ?? { name: "" };
}

/** All containers of a pod but the server. */
export function othersOf({ containers, initContainers = [] }: PodSpec, server: ContainerObject) {
  return [...initContainers, ...containers.filter((one) => one !== server)];
}

/** The name of each container of the new pod, by the old one. */
export type ContainerNames = ReadonlyMap<string, string>;

/** Names the containers: the server has one name in every pod, which no other container may have. */
export function namesOf(pod: PodSpec, server: ContainerObject, draft: Draft): ContainerNames {
  const others = othersOf(pod, server).map(({ name }) => name);
  const taken = new Set([SERVER, INITIALIZER, ...others]);
  const names = new Map([[server.name, SERVER]]);
  for (const name of others) {
    const isReserved = name === SERVER || name === INITIALIZER;
    names.set(name, isReserved ? freeName(name, taken) : name);
    if (isReserved)
      draft.note(
        `its container ${name} gets the name ${names.get(name)}, since the fleet has a container ${name} of its own`,
      );
  }
  return names;
}

/** How the new pod differs for the containers beside the server. */
export interface NewPod {
  readonly volumes: VolumeNames;
  readonly containers: ContainerNames;
  /** Whether the server's disk is read-only, as then is that of the others. */
  readonly isReadOnly: boolean;
}

/**
 * Carries over the containers beside the server. Those that go on become sidecars, which start before all others; one that
 * may need what an init container before it has written stays where it is, by `podSpec`.
 */
export function carryOthers(pod: PodSpec, server: ContainerObject, draft: Draft, to: NewPod): void {
  const { initContainers: inits = [], containers } = pod;
  const needs = (one: ContainerObject, before: readonly ContainerObject[]) =>
    sharesVolume(one, before.filter(ends), pod);
  const first = inits.findIndex((one, index) => !ends(one) && needs(one, inits.slice(0, index)));
  const start = first === -1 ? inits : inits.slice(0, first);
  const beside = containers.filter((one) => one !== server);
  const late = beside.filter((one) => needs(one, inits));
  const early = beside.filter((one) => !late.includes(one));
  const sidecars = [...start.filter((one) => !ends(one)), ...early];
  const lists = { initContainers: start.filter(ends), sidecars };
  for (const [list, all] of Object.entries(lists)) {
    if (all.length > 0) draft.settings[list] = all.map((one) => entryOf(one, to));
    for (const { name, restartPolicy = "Always" } of all)
      if (restartPolicy !== "Always")
        draft.note(
          `its container ${name} has the restartPolicy ${restartPolicy}, which is not carried over: ${list} has one of its own`,
        );
  }
  const whole = (one: ContainerObject) => wholeEntryOf(one, to);
  if (first !== -1) draft.addToPod("initContainers", inits.slice(first).map(whole));
  if (late.length > 0) draft.addToPod("containers", late.map(whole));
  const moved = sidecars.filter(
    (one) => !inits.includes(one) || inits.slice(0, inits.indexOf(one)).some(ends),
  );
  remarkOnOrder(moved, { server, hasInits: inits.some(ends) }, draft);
  for (const one of [...inits, ...beside]) {
    remarkOnRights(one, draft);
    remarkOnEnd(one, draft);
  }
}

/** Whether an init container ends before the next one starts. */
function ends({ restartPolicy }: ContainerObject): boolean {
  return restartPolicy !== "Always";
}

/** Volumes that no container can write to. */
const READ_ONLY = ["configMap", "secret", "projected", "downwardAPI", "image"];

/** Whether a container mounts something that one of the others may have written to. */
function sharesVolume(
  container: ContainerObject,
  others: readonly ContainerObject[],
  { volumes = [] }: PodSpec,
): boolean {
  const mounts = (one: ContainerObject) => (one.volumeMounts ?? []).map(({ name }) => name);
  const written = volumes.filter((volume) => !READ_ONLY.some((kind) => kind in volume));
  return written.some(
    ({ name }) => mounts(container).includes(name) && others.some((one) => mounts(one).includes(name)),
  );
}

/** @param moved The containers that start earlier than before, or end later. */
function remarkOnOrder(
  moved: readonly ContainerObject[],
  { server, hasInits }: { readonly server: ContainerObject; readonly hasInits: boolean },
  draft: Draft,
): void {
  if (moved.length === 0) return;
  const names = moved.map(({ name }) => name).join(", ");
  const first = `before its server, ${server.name},${hasInits ? " and before its init containers," : ""} and`;
  draft.note(
    moved.length === 1
      ? `its container ${names} becomes a sidecar: it starts ${first} ends after the server`
      : `its containers ${names} become sidecars: they start ${first} end after the server`,
  );
}

function remarkOnRights({ name, securityContext }: ContainerObject, draft: Draft): void {
  const rights = rightsOf(securityContext);
  if (rights.length > 0)
    draft.note(
      `its container ${name} keeps its rights (${rights.join(", ")}), which the fleet's namespace must admit`,
    );
}

function remarkOnEnd(
  { name, terminationMessagePolicy: policy = "File" }: ContainerObject,
  draft: Draft,
): void {
  if (policy !== "File")
    draft.note(`its container ${name}: its terminationMessagePolicy is not carried over: ${LOG_IN_STATE}`);
}

/** A container in Kubernetes' own form, without what the API server has written into it. */
function entryOf(container: ContainerObject, to: NewPod): Record<string, unknown> {
  const { name, image, ports = [], env = [], volumeMounts = [], volumeDevices = [] } = container;
  const fields = {
    ...{ name, image },
    // What starts it again, its list says.
    ...without(withoutWritten(container), ["restartPolicy", "terminationMessagePolicy"]),
    name: to.containers.get(name),
    ports: ports.map(withoutWritten),
    env: env.map(variableOf),
    volumeMounts: renamed(volumeMounts, to.volumes),
    volumeDevices: renamed(volumeDevices, to.volumes),
    securityContext: securityOf(container, to),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

/** A variable whose source has no fields of the API server. */
function variableOf({ valueFrom, ...variable }: NonNullable<ContainerObject["env"]>[number]): object {
  return valueFrom === undefined
    ? variable
    : { ...variable, valueFrom: mapped({ ...valueFrom }, withoutWritten) };
}

/** The fleet makes the disk of a container read-only if the server's is, unless the container says otherwise. */
function securityOf({ securityContext = {} }: ContainerObject, { isReadOnly }: NewPod): object {
  const isOpen = isReadOnly && securityContext.readOnlyRootFilesystem === undefined;
  return { ...securityContext, ...(isOpen && { readOnlyRootFilesystem: false }) };
}

/** As for `podSpec`, into which no setting puts what the Pod Security Standard wants. */
function wholeEntryOf(container: ContainerObject, to: NewPod): Record<string, unknown> {
  const { restartPolicy } = container;
  const { securityContext, ...entry } = entryOf(container, to);
  return {
    ...entry,
    ...(restartPolicy !== undefined && { restartPolicy }),
    securityContext: {
      ...containerSecurity({ readOnlyRootFilesystem: false }),
      ...mapOf(securityContext),
    },
  };
}

/** Gives references to containers, as by a variable with one's limit, their new names. */
export function renameReferences(draft: Draft, names: ContainerNames): void {
  for (const key of ["initContainers", "sidecars", "podSpec"])
    if (key in draft.settings) draft.settings[key] = withNames(draft.settings[key], names);
}

function withNames(value: unknown, names: ContainerNames): unknown {
  if (Array.isArray(value)) return value.map((one) => withNames(one, names));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === "containerName" && typeof one === "string" ? (names.get(one) ?? one) : withNames(one, names),
    ]),
  );
}
