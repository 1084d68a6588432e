import { expect, test } from "vitest";
import { Drafts } from "../../src/ui/live/drafts.ts";

test("U27: What is typed counts until it is blank, accepted or discarded", () => {
  const drafts = new Drafts();
  drafts.type("E001", "rsoc", "5");
  drafts.type("E002", "dvg", "350");
  expect(drafts.listUnits()).toEqual(["E001", "E002"]);
  drafts.type("E001", "rsoc", " ");
  expect(drafts.listUnits()).toEqual(["E002"]);
  drafts.accept("E002", new Map([["dvg", "350"]]));
  expect(drafts.listUnits()).toEqual([]);
});

test("U27: What is typed while a Set is under way is kept", () => {
  const drafts = new Drafts();
  drafts.type("E001", "rsoc", "5");
  const sent = new Map(drafts.typedOf("E001"));
  drafts.type("E001", "rsoc", "55");
  drafts.accept("E001", sent);
  expect(drafts.typedOf("E001").get("rsoc")).toBe("55");
});

test("U27: A refusal goes when its own field is changed, not when another is", () => {
  const drafts = new Drafts();
  drafts.type("E001", "rsoc", "500");
  drafts.refuse("E001", { parameter: "rsoc", explain: () => "from 0 to 100 %" });
  drafts.type("E001", "dvg", "350");
  expect(drafts.refusedOf("E001")?.parameter).toBe("rsoc");
  drafts.type("E001", "rsoc", "50");
  expect(drafts.refusedOf("E001")).toBeNull();
});
