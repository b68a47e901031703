// Autosave for the open editor: saves to the server, follows what others save, and holds on to a page with unsaved work.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useBlocker, useNavigate } from "react-router";
import { call } from "../api/call.ts";
import { type FlowView, flowKeys } from "../api/flows.ts";
import { askFirst } from "../ui/ask.tsx";
import { type Autosave, type Put, startAutosave } from "./autosave.ts";
import type { EditorStore } from "./editor-store.ts";
import { settlePlaces } from "./places.ts";
import { tell } from "./tools.ts";

export function useAutosave(flow: FlowView, store: EditorStore): Autosave {
  const client = useQueryClient();
  const { id } = flow;
  const [autosave, setAutosave] = useState<Autosave>(idle);

  useEffect(() => {
    const put: Put = async ({ graph, revision }, leaving) => {
      const saved = await call("saveDraft", {
        params: { id },
        body: { revision, graph },
        keepalive: leaving,
      });
      client.setQueryData(flowKeys.one(id), saved);
      return saved.revision;
    };
    const started = startAutosave(store, put);
    setAutosave(started);

    function onBeforeUnload(event: BeforeUnloadEvent): void {
      if (started.leave()) event.preventDefault();
    }
    function onHidden(): void {
      if (document.visibilityState === "hidden") started.leave();
    }
    function onOnline(): void {
      void started.flush();
    }
    addEventListener("beforeunload", onBeforeUnload);
    addEventListener("online", onOnline);
    document.addEventListener("visibilitychange", onHidden);
    return () => {
      removeEventListener("beforeunload", onBeforeUnload);
      removeEventListener("online", onOnline);
      document.removeEventListener("visibilitychange", onHidden);
      void started.flush();
      started.stop();
    };
  }, [store, id, client]);

  // Somebody else saved, and nothing here is unsaved: theirs is taken over, one undo away from what was here.
  useEffect(() => {
    const { save, revision } = store.getState();
    if (save.kind !== "saved" || flow.revision <= revision) return;
    store.getState().take("take over a change from elsewhere", settlePlaces(flow.draft), flow.revision);
    tell("This flow was changed elsewhere.", "The newest draft is shown; undo brings back what was here.");
  }, [flow, store]);

  useLeaveWarning(store);
  return autosave;
}

/** Leaving for another page of the app while the last changes could not be saved is asked about first. */
function useLeaveWarning(store: EditorStore): void {
  const navigate = useNavigate();
  const isDecided = useRef(false);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    const { kind } = store.getState().save;
    const isLost = kind === "failed" || kind === "conflict";
    return isLost && !isDecided.current && currentLocation.pathname !== nextLocation.pathname;
  });
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const { location } = blocker;
    blocker.reset();
    askFirst({
      title: "Leave without saving?",
      text: "The last changes of this draft could not be saved. If you leave now, they are lost.",
      yes: "Leave and lose them",
      go() {
        isDecided.current = true;
        void navigate(location);
      },
    });
  }, [blocker, navigate]);
}

const idle: Autosave = { flush: async () => false, leave: () => false, stop: () => {} };
