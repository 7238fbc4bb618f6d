import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogFileSchema, stackFileSchema } from "../../config/json-schema";
import { ROOT } from "../../lib/paths";
import { migratePage } from "./migrate-page";
import { fleetPicture } from "./picture";
import { runtimesPage } from "./runtimes-page";
import { settingsPage } from "./settings-page";
import { withSharedParts } from "./shared-schemas";

const write = (path: string, text: string) => writeFileSync(join(ROOT, path), text);

write("config/schema.json", `${JSON.stringify(withSharedParts(stackFileSchema()), null, 2)}\n`);
write("config/catalog.schema.json", `${JSON.stringify(withSharedParts(catalogFileSchema()), null, 2)}\n`);
write("docs/fleet.svg", fleetPicture());
write("docs/settings.md", settingsPage());
write("docs/migrate.md", migratePage(readFileSync(join(ROOT, "docs", "migrate.md"), "utf8")));
write("docs/runtimes.md", runtimesPage());
