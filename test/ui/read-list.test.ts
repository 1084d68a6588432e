import { expect, test } from "vitest";
import { readList } from "../../src/ui/admin/read-list.ts";

const limits = ["units", "storageBytes"];
const names = (typed: string) => {
  const read = readList(typed, limits);
  return "fault" in read ? read.fault : read.communities.map(({ name }) => name);
};

test("Y44: names become those that an address may have, each once, in their order", () => {
  expect(names("Anna Müller\r\n\n  ben \nBEN\nÉlodie d'Arc\n")).toEqual([
    "anna-muller",
    "ben",
    "ben-2",
    "elodie-d-arc",
  ]);
  expect(names("山田\n鈴木\nＡｎｎａ")).toEqual(["community-1", "community-2", "anna"]);
  const long = names("x".repeat(80)) as string[];
  expect(long[0]).toMatch(/^x{58}$/);
  expect(names("")).toEqual([]);
});

test("Y44: CSV says limits and keys by its heading, with commas, semicolons or tabs; what cannot be read is named", () => {
  const wanted = {
    communities: [
      { name: "anna", key: "a.1", limits: { units: 5 } },
      { name: "ben", limits: { units: 7, storageBytes: 1000 } },
    ],
  };
  for (const separator of [",", ";", "\t"])
    expect(
      readList(
        ["Name,Key,Units,storagebytes", "anna,a.1,5,", '"ben",,7,1000'].join("\n").replaceAll(",", separator),
        limits,
      ),
      separator,
    ).toEqual(wanted);
  expect(names("name,colour\nanna,red")).toEqual({ line: 1, text: "colour" });
  expect(names("name,units\nanna,five")).toEqual({ line: 2, text: "five" });
  expect(names("name,units\nanna,5,6")).toEqual({ line: 2, text: "6" });
});
