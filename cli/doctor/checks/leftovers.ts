import { pulumiType, registeredObject } from "../../../fleet/objects";
import { VERSION_OF } from "../../../fleet/owner";
import { manyDeletions, protectedModels } from "../../../ownership/checks/deletions";
import { deleteUnknown, kubectlDelete, whyNotDelete } from "../delete";
import { type Facts, unreadable } from "../facts";
import { type Check, counted, type Finding, named } from "../finding";
import { type Found, keyOf } from "../objects";

/**
 * The stack's objects that its state does not know: a killed update made them. Versions of Secrets are not among them:
 * the state never has the former ones.
 */
export const leftovers: Check = {
  of: "leftover objects",
  look: async (facts) => {
    const state = await facts.state();
    const { own, onlyIn } = await facts.objects();
    const known = new Set(state.objects.map(keyOf));
    const unknown = own
      .filter(
        (object) => !known.has(keyOf(object)) && object.metadata.annotations?.[VERSION_OF] === undefined,
      )
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const settings = await facts.settings().catch(unreadable);
    const homes = [settings?.namespace, state.namespace];
    const here = unknown.filter(({ namespace }) => homes.includes(namespace));
    const elsewhere = unknown.filter(({ namespace }) => !homes.includes(namespace));
    return [...(await inFleet(facts, here)), ...others(facts, elsewhere), ...partial(onlyIn)];
  },
};

async function inFleet(facts: Facts, objects: readonly Found[]): Promise<Finding[]> {
  if (objects.length === 0) return [];
  const announced = await facts.announced().catch(unreadable);
  if (announced === undefined)
    return [
      finding(
        objects,
        "that its state does not know",
        "correct the settings, which tell whether they are wanted",
      ),
    ];
  const isWanted = (one: Found) => announced.has(registeredObject(pulumiType(one.kind), one.metadata) ?? "");
  const wanted = objects.filter(isWanted);
  const unwanted = objects.filter((one) => !isWanted(one));
  const ofList = finding(wanted, "that its state does not know yet", `\`pulumi up --stack ${facts.name}\``);
  return [...(wanted.length > 0 ? [ofList] : []), ...(await unwantedOnes(facts, unwanted, announced))];
}

async function unwantedOnes(
  facts: Facts,
  objects: readonly Found[],
  announced: ReadonlySet<string>,
): Promise<Finding[]> {
  if (objects.length === 0) return [];
  const what = "that neither its state nor its settings have";
  const why = (await whyNotDelete(facts)) ?? (await whyGuarded(facts, objects, announced));
  if (why !== undefined)
    return [finding(objects, `${what}; they stay with --fix: ${why}`, kubectlDelete(objects))];
  const mend = {
    does: `delete ${named(objects.map(({ object }) => object))}`,
    run: () => deleteUnknown(facts, objects),
  };
  return [{ ...finding(objects, what, kubectlDelete(objects)), mend }];
}

/** The same guards as those of an update. */
async function whyGuarded(
  facts: Facts,
  objects: readonly Found[],
  announced: ReadonlySet<string>,
): Promise<string | undefined> {
  const { maxDeletions, models } = await facts.settings();
  const once = facts.environment["MODELFLEET_MAX_DELETIONS"];
  const limit = once !== undefined && /^\d+$/.test(once) ? Number(once) : maxDeletions;
  const plan = { stack: facts.stack, announced, models, maxDeletions: limit };
  const leaving = objects.filter(({ kind }) => kind === "deployment");
  if (protectedModels(plan, { objects: new Map([["deployment", leaving]]) }).length > 0)
    return "a protected model is among them (catalog.<id>.protect)";
  const { own } = await facts.objects();
  const deployments = own.filter(({ kind }) => kind === "deployment");
  if (manyDeletions(plan, { objects: new Map([["deployment", deployments]]) }).length === 0) return undefined;
  return `more models than may go at once (maxDeletions); if that is meant, run it with MODELFLEET_MAX_DELETIONS=${leaving.length}`;
}

/** Two people's stacks may share a name, and a cluster. */
function others({ stack }: Facts, objects: readonly Found[]): Finding[] {
  if (objects.length === 0) return [];
  const namespaces = [...new Set(objects.map(({ namespace }) => namespace))].join(", ");
  const what = `that its state does not know, in other namespaces than its own (${namespaces})`;
  const fix = `if no other stack with the name ${stack} made them: ${kubectlDelete(objects)}`;
  return [finding(objects, what, fix)];
}

function partial(onlyIn: readonly string[] | undefined): Finding[] {
  if (onlyIn === undefined) return [];
  const where = onlyIn.length === 0 ? "no namespace" : `namespace ${onlyIn.join(", ")} only`;
  const problem = `leftover objects were looked for in ${where}: the account may not list all namespaces`;
  return [{ level: "note", problem }];
}

function finding(found: readonly Found[], what: string, fix: string): Finding {
  const objects = found.map(({ object }) => object);
  return {
    problem: `${counted(objects.length, "object")} of the stack ${what}: ${named(objects)}`,
    fix,
    objects,
  };
}
