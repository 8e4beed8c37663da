import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

import startPlatform from "../e2e/start-platform";

/** The platform of the browser tests, whose health service also asks a deployer, once a screenshot has started one. */
export default async function withPlaceForDeployer(): Promise<() => Promise<void>> {
  const address = `127.0.0.1:${String(await freePort())}`;
  process.env["E2E_DEPLOYER_PRIVATE"] = address;
  process.env["HEALTH_DEPLOYER_URL"] = `http://${address}`;
  return startPlatform();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  return port;
}
