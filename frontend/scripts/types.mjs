// Writes the types of the API (from openapi.json) and of results (from their JSON Schema); with --check fails when a
// written file is not what that gives.
import { readFileSync, writeFileSync } from "node:fs";

import openapi, { astToString } from "openapi-typescript";
import { format, resolveConfig } from "prettier";

const result = JSON.parse(readFileSync("src/result/causal_impact.schema.json", "utf8")).result_schema;
const targets = [
    { written: "src/api/schema.d.ts", from: "openapi.json", source: new URL("../../openapi.json", import.meta.url) },
    {
        written: "src/result/schema.d.ts",
        from: "causal_impact.schema.json (`result_schema` of GET /api/v1/agents/causal_impact)",
        source: {
            openapi: "3.1.0",
            info: { title: "Results", version: "1" },
            paths: {},
            components: { schemas: { CausalImpactResult: result } },
        },
    },
];

for (const { written, from, source } of targets) {
    const types = astToString(await openapi(source, { emptyObjectsUnknown: true }));
    const header = `// Generated from ${from} by \`npm run types\`. Do not edit.\n`;
    const fresh = await format(header + types, { ...(await resolveConfig(written)), parser: "typescript" });
    if (!process.argv.includes("--check")) {
        writeFileSync(written, fresh);
    } else if (readFileSync(written, "utf8") !== fresh) {
        console.error(`${written} does not fit ${from}. Type: npm --prefix frontend run types`);
        process.exitCode = 1;
    }
}
