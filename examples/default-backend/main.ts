import { main } from "../../lib/main";
import { portFromEnv, run } from "../common/serve";
import { knowledgeFromEnv } from "./knowledge";
import { defaultBackend } from "./routes";

await main(() => run(defaultBackend(knowledgeFromEnv(process.env)), portFromEnv(process.env)));
