import { createServer } from "node:net";

import startPlatform from "../e2e/start-platform";

/** The platform of the browser tests, whose health service also asks a deployer, once a screenshot has started one. */
export default async function withPlaceForDeployer(): Promise<() => Promise<void>> {
  const address = `127.0.0.1:${String(await freePort())}`;
  process.env["E2E_DEPLOYER_PRIVATE"] = address;
  process.env["HEALTH_DEPLOYER_URL"] = `http://${address}`;
  return startPlatform();
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
  });
}
