import { describe, expect, it } from "vitest";

import { concernOf } from "./safety";

const at = (address: string) => new URL(address);

describe("concernOf", () => {
  it("warns of a self-signed certificate", () => {
    expect(concernOf(at("https://203.0.113.7/"), "self_signed")).toBe("self-signed");
    expect(concernOf(at("https://e2i.example.org/"), "trusted")).toBeUndefined();
    expect(concernOf(at("https://e2i.example.org/"), undefined)).toBeUndefined();
  });

  it("warns of plain HTTP, whatever the certificate", () => {
    expect(concernOf(at("http://203.0.113.7:8080/"), undefined)).toBe("plain");
    expect(concernOf(at("http://e2i.example.org/"), "trusted")).toBe("plain");
  });

  it("says nothing on this machine", () => {
    for (const address of [
      "http://localhost:8080/",
      "https://127.0.0.1:8443/",
      "http://[::1]/",
      "http://e2i.localhost/",
    ]) {
      expect(concernOf(at(address), "self_signed")).toBeUndefined();
    }
  });

  it("is not fooled by names that only begin like this machine's", () => {
    expect(concernOf(at("http://localhost.example.org/"), undefined)).toBe("plain");
    expect(concernOf(at("http://127.example.org/"), undefined)).toBe("plain");
  });
});
