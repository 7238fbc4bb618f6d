import { main } from "../../lib/main";
import { portFromEnv, run } from "../common/serve";
import { defaultBackend, modelsFromEnv, retiredFromEnv } from "./routes";

await main(() => {
  const { env } = process;
  return run(defaultBackend(modelsFromEnv(env), retiredFromEnv(env)), portFromEnv(env));
});
