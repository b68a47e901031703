// Which errors of MongoDB mean "not now", and which are defects of ours.

import mongoose from "mongoose";
import { describe, expect, it } from "vitest";
import { unavailable } from "../../../server/adapters/mongo-problems.ts";
import { StoreUnavailable } from "../../../server/ports/store.ts";

describe("an error of MongoDB", () => {
  const serverError = (code: number) =>
    new mongoose.mongo.MongoServerError({ code, errmsg: `error ${code}` });

  it.each([91, 112, 189, 10107, 11600, 11602, 13435, 13436, 14031, 50, 64])(
    "of number %i means: not now",
    (code) => {
      expect(unavailable(serverError(code), "db:27017")).toBeInstanceOf(StoreUnavailable);
    },
  );

  it.each([11000, 2, 9, 26, 10334])("of number %i is a defect, and stays what it is", (code) => {
    expect(unavailable(serverError(code), "db:27017")).toBeUndefined();
  });

  it.each(["EPIPE", "ECONNRESET"])("that is Node's own %s of a socket means: not now", (code) => {
    const error = Object.assign(new Error("This socket has been ended by the other party"), { code });
    expect(unavailable(error, "db:27017")).toBeInstanceOf(StoreUnavailable);
  });

  it("that is none is a defect", () => {
    expect(unavailable(new TypeError("x"), "db:27017")).toBeUndefined();
  });
});
