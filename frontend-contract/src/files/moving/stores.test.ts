// @vitest-environment jsdom
import { expect, it, vi } from "vitest";
import { createClient } from "../../client/client.js";
import { endAllOf } from "../../hooks/ending.js";
import { storesOf } from "./stores.js";

it("moves end with the last component of their server", () => {
  const client = createClient({ baseUrl: "http://manager.test", token: () => null });
  const { moves } = storesOf(client);
  expect(storesOf(client).moves).toBe(moves);
  const cancelled = vi.spyOn(moves, "cancelAll");
  endAllOf(client);
  expect(cancelled).toHaveBeenCalledOnce();
});
