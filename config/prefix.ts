import { UserError } from "../lib/user-error";
import { fleetSettings } from "./fleet-schema";
import { problem, type Problem } from "./problem";

/** What every setting begins with, whatever the project's name is: as `aws:region`, it names who reads it. */
export const PREFIX = "modelfleet:";

/** The top-level settings, without prefix. */
const NAMES: readonly string[] = Object.keys(fleetSettings.shape);

/**
 * The settings of the fleet that stand under the project's own name, where `pulumi config set models iris` puts them. A
 * program may have a `namespace` of its own: one that is set under both names is the program's.
 *
 * @param keys All keys of the stack's config, such as `my-team:models`.
 * @param project The project's name.
 */
export function misplacedSettings(keys: readonly string[], project: string): Problem[] {
  const own = `${project}:`;
  if (own === PREFIX) return [];
  return NAMES.filter((name) => keys.includes(`${own}${name}`) && !keys.includes(`${PREFIX}${name}`)).map(
    (name) =>
      problem(
        `${own}${name}`,
        undefined,
        `has no effect; the fleet's settings begin with "${PREFIX}" in every project`,
        `rename it to ${PREFIX}${name} in the stack's file, as \`pulumi config set ${PREFIX}${name}\` writes it`,
      ),
  );
}

/** The key in a command that sets or removes a setting, unless it has a prefix already. */
const BARE_KEY = /(?<=pulumi config (?:set|rm)(?: --[a-z]+)* '?)(?=[A-Za-z]+(?![A-Za-z]*:))/g;

/**
 * An error as it is right in a project: Pulumi takes a key without prefix for one of the project's own, so in another
 * project than `modelfleet` the commands of a message name the prefix.
 *
 * @param owner The owner of the stack's objects, which names such a project.
 */
export function inProject(error: unknown, owner: string): unknown {
  if (!(error instanceof UserError) || !owner.includes("/")) return error;
  return new UserError(error.message.replace(BARE_KEY, PREFIX));
}
