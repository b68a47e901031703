// Samples of those who tell about code and tickets: GitHub and Linear.

import type { Occasion, SenderSample } from "./occasion.ts";

const REPOSITORY = {
  id: 734_120_558,
  name: "greenhouse",
  full_name: "fern-labs/greenhouse",
  private: false,
  html_url: "https://github.com/fern-labs/greenhouse",
  default_branch: "main",
  owner: { login: "fern-labs", id: 90_112_377, type: "Organization" },
};
const SENDER = { login: "ana-moss", id: 18_443_902, type: "User", html_url: "https://github.com/ana-moss" };

const githubHeaders = (event: string) => (o: Occasion) => ({
  "user-agent": `GitHub-Hookshot/${o.hex(7)}`,
  accept: "*/*",
  "x-github-event": event,
  "x-github-delivery": o.uuid(),
  "x-github-hook-id": "501773214",
  "x-github-hook-installation-target-id": String(REPOSITORY.id),
  "x-github-hook-installation-target-type": "repository",
});

export const GITHUB: SenderSample[] = [
  {
    event: "push",
    name: "Commits were pushed",
    headers: githubHeaders("push"),
    body: (o) => {
      const [before, after] = [o.hex(40), o.hex(40)];
      const commit = {
        id: after,
        message: "Water the seedlings twice a day",
        timestamp: o.iso,
        url: `${REPOSITORY.html_url}/commit/${after}`,
        author: { name: "Ana Moss", email: "ana.moss@example.com", username: "ana-moss" },
        added: [],
        removed: [],
        modified: ["src/schedule.ts"],
      };
      return {
        ref: "refs/heads/main",
        before,
        after,
        compare: `${REPOSITORY.html_url}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
        created: false,
        deleted: false,
        forced: false,
        commits: [commit],
        head_commit: commit,
        pusher: { name: "ana-moss", email: "ana.moss@example.com" },
        repository: REPOSITORY,
        sender: SENDER,
      };
    },
  },
  {
    event: "issues",
    name: "An issue was opened",
    headers: githubHeaders("issues"),
    body: (o) => ({
      action: "opened",
      issue: {
        id: o.digits(10),
        number: 57,
        title: "The pump starts twice after a restart",
        body: "Seen this morning at 06:00 and again at 06:01.",
        state: "open",
        html_url: `${REPOSITORY.html_url}/issues/57`,
        user: SENDER,
        labels: [{ id: 6_120_448_013, name: "bug", color: "d73a4a" }],
        created_at: o.iso,
      },
      repository: REPOSITORY,
      sender: SENDER,
    }),
  },
  {
    event: "ping",
    name: "GitHub tries the address",
    headers: githubHeaders("ping"),
    body: () => ({
      zen: "Keep it logically awesome.",
      hook_id: 501_773_214,
      hook: { type: "Repository", id: 501_773_214, name: "web", active: true, events: ["push", "issues"] },
      repository: REPOSITORY,
      sender: SENDER,
    }),
  },
];

export const LINEAR: SenderSample[] = [
  {
    event: "Issue",
    name: "An issue was created",
    headers: (o) => ({
      "user-agent": "Linear-Webhook",
      "linear-delivery": o.uuid(),
      "linear-event": "Issue",
      "linear-timestamp": String(o.now),
    }),
    body: (o) => ({
      action: "create",
      type: "Issue",
      createdAt: o.iso,
      actor: { id: "1f9c0a52-6b6e-4b0e-8c39-5d2a71f7c0de", type: "user", name: "Ana Moss" },
      data: {
        id: o.uuid(),
        identifier: "GRN-118",
        title: "Dim the lamps in the evening",
        priority: 2,
        priorityLabel: "High",
        state: { id: "77d0a8ab-3b1f-45c0-9a4c-0f9a1c2b3d4e", name: "Todo", type: "unstarted" },
        team: { id: "c2b4f1a8-90de-4c27-b9c1-6e5d4f3a2b1c", key: "GRN", name: "Greenhouse" },
        createdAt: o.iso,
      },
      url: "https://linear.app/fern-labs/issue/GRN-118",
      organizationId: "0b5e7d44-1c2d-4e3f-8a9b-7c6d5e4f3a2b",
      webhookId: "9e8d7c6b-5a49-4838-a716-253443526170",
      webhookTimestamp: o.now,
    }),
  },
];
