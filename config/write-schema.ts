import { writeFileSync } from "node:fs";
import { stackFileSchema } from "./json-schema";

writeFileSync(new URL("schema.json", import.meta.url), `${JSON.stringify(stackFileSchema(), null, 2)}\n`);
