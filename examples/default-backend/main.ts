import { main } from "../../lib/main";
import { portFromEnv, run } from "../common/serve";
import { defaultBackend, modelsFromEnv } from "./routes";

await main(() => run(defaultBackend(modelsFromEnv(process.env)), portFromEnv(process.env)));
