// Samples of those who tell about files and documents, and of the common ways of signing: Dropbox, Microsoft, Notion, Svix.

import type { SenderSample } from "./occasion.ts";

export const DROPBOX: SenderSample[] = [
  {
    event: "list_folder",
    name: "Files changed",
    headers: () => ({ "user-agent": "DropboxWebhooks/1.0" }),
    body: (o) => ({
      list_folder: { accounts: [o.id("dbid:AA", 34)] },
      delta: { users: [o.digits(9)] },
    }),
  },
];

export const NOTION: SenderSample[] = [
  {
    event: "page.content_updated",
    name: "A page was changed",
    headers: () => ({ "user-agent": "notion-api", "request-id": "0" }),
    body: (o) => ({
      id: o.uuid(),
      timestamp: o.iso,
      workspace_id: "5a4be1c7-9d0f-4e62-8b73-c1d2e3f4a5b6",
      workspace_name: "Fern Labs",
      subscription_id: "2b1c0d9e-8f7a-4b6c-9d5e-4f3a2b1c0d9e",
      integration_id: "7c6b5a49-3827-4615-8403-f2e1d0c9b8a7",
      type: "page.content_updated",
      authors: [{ id: "c9d8e7f6-a5b4-4c3d-92e1-f0a9b8c7d6e5", type: "person" }],
      accessible_by: [],
      attempt_number: 1,
      entity: { id: o.uuid(), type: "page" },
      data: { updated_blocks: [{ id: o.uuid(), type: "block" }], parent: { id: o.uuid(), type: "database" } },
    }),
  },
];

export const MICROSOFT_GRAPH: SenderSample[] = [
  {
    event: "created",
    name: "A mail came in",
    body: (o) => ({
      value: [
        {
          id: o.uuid(),
          subscriptionId: "0d9c8b7a-6f5e-4d3c-ab2a-190817263544",
          subscriptionExpirationDateTime: new Date(o.now + 2 * 86_400_000).toISOString(),
          clientState: o.secret,
          changeType: "created",
          resource: "Users/6f1d2e3c-4b5a-4968-8776-a5b4c3d2e1f0/Messages/AAMkAGUwNjQ4",
          tenantId: "84bd8158-6d4d-4958-8b9f-9d6445542f95",
          resourceData: {
            "@odata.type": "#Microsoft.Graph.Message",
            "@odata.id": "Users/6f1d2e3c-4b5a-4968-8776-a5b4c3d2e1f0/Messages/AAMkAGUwNjQ4",
            id: "AAMkAGUwNjQ4",
          },
        },
      ],
    }),
  },
];

export const STANDARD: SenderSample[] = [
  {
    event: "user.created",
    name: "An account was made",
    headers: () => ({ "user-agent": "Svix-Webhooks/1.74.1 (sender)" }),
    body: (o) => ({
      type: "user.created",
      timestamp: o.iso,
      data: { id: o.id("user_"), email: "lea.brandt@example.com", name: "Lea Brandt", plan: "free" },
    }),
  },
];
