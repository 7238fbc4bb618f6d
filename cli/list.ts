import type { OutputMap } from "@pulumi/pulumi/automation/index.js";
import { table } from "../lib/table";
import { UserError } from "../lib/user-error";
import { pulumiError } from "./pulumi-error";
import { openStack } from "./stack";
import {
  type ListedPods,
  type ListedShare,
  listedVariants,
  podsText,
  routeText,
  titleOfListed,
} from "./variants";

/** A model as of the last update of its stack. */
export interface ListedModel extends ListedPods {
  readonly id: string;
  readonly image: string;
  readonly url: string;
  /** Of a model with variants, the name of the one that the values above are of. */
  readonly champion?: string;
  readonly variants?: Readonly<Record<string, Pick<ListedModel, "image"> & ListedPods & ListedShare>>;
}

/** Prints the models of a stack. */
export async function list({ stack, json }: { readonly stack: string | undefined; readonly json: boolean }) {
  const models = await deployedModels(stack);
  process.stdout.write(`${json ? JSON.stringify(models, undefined, 2) : modelsTable(models)}\n`);
}

/** The models as a table for people. */
export function modelsTable(models: readonly ListedModel[]): string {
  const rows = models
    .flatMap(listedVariants)
    .map((one) => [titleOfListed(one), podsText(one), one.image, routeText(one)]);
  return table(["MODEL", "REPLICAS", "IMAGE", "URL"], rows);
}

/**
 * The models of a stack as of its last update, sorted by ID; the cluster is not asked.
 *
 * @param stackName The stack. @default as in `openStack`
 * @throws UserError when there is no such stack, or it was never updated
 */
export async function deployedModels(stackName?: string): Promise<ListedModel[]> {
  const { name, stack } = await openStack(stackName);
  try {
    return modelsOf(name, await stack.outputs());
  } catch (error) {
    throw await pulumiError(error, name);
  }
}

/**
 * The models in the outputs of a stack, sorted by ID.
 *
 * @throws UserError when the stack was never updated
 */
export function modelsOf(stack: string, { models }: OutputMap): ListedModel[] {
  if (models === undefined)
    throw new UserError(`stack "${stack}" deploys nothing: bring it up with \`pulumi up --stack ${stack}\``);
  return Object.entries(models.value as Readonly<Record<string, Omit<ListedModel, "id">>>)
    .map(([id, model]) => ({ id, ...model }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
