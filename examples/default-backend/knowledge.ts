import { z } from "zod";
import { UserError } from "../../lib/user-error";

/** What a default backend knows. */
export interface Knowledge {
  /** Model IDs. */
  readonly models: readonly string[];
  /**
   * URL of the successor by the path of a retired model, which is answered with 410. Below /v1, its path in the list is
   * `/v1/models/<id>`. @default none
   */
  readonly retired?: Readonly<Record<string, string>>;
  /** The header that names a model below /v1, which is then answered as OpenAI does. @default /v1 is a path as any other */
  readonly modelHeader?: string | undefined;
}

/** The header that says what replaces something. @see https://www.rfc-editor.org/rfc/rfc5829 */
export function linkTo(successor: string): Record<string, string> {
  return { Link: `<${successor}>; rel="successor-version"` };
}

/** What the environment says: `MODELS`, `RETIRED` and `OPENAI_MODEL_HEADER`. */
export function knowledgeFromEnv(env: NodeJS.ProcessEnv): Knowledge {
  const { OPENAI_MODEL_HEADER: modelHeader } = env;
  return { models: modelsFromEnv(env), retired: retiredFromEnv(env), modelHeader };
}

/** The model IDs in `MODELS`, a JSON list. @default none */
export function modelsFromEnv(env: NodeJS.ProcessEnv): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(env.MODELS ?? "[]"));
  } catch {
    throw new UserError('MODELS must be a JSON list of model IDs, such as ["churn","iris"]');
  }
}

/** The successors of retired models in `RETIRED`, a JSON map from path to URL. @default none */
export function retiredFromEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(env.RETIRED ?? "{}"));
  } catch {
    throw new UserError('RETIRED must be a JSON map from path to URL, such as {"/models/a":"/models/b"}');
  }
}
