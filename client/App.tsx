// Which screen: the owner's first visit, signing in, or the page that the address names.

import { Center } from "@mantine/core";
import { createBrowserRouter, Navigate, Outlet, RouterProvider } from "react-router";
import { SetupScreen } from "./account/SetupScreen.tsx";
import { SignInScreen } from "./account/SignInScreen.tsx";
import { useLive } from "./api/live.ts";
import { useSetup } from "./api/session.ts";
import { FlowsPage } from "./flows/FlowsPage.tsx";
import { Shell } from "./Shell.tsx";
import { LoadFailed } from "./ui/LoadFailed.tsx";
import { Logo } from "./ui/Logo.tsx";
import { Crashed, NotFound } from "./ui/NotFound.tsx";

const router = createBrowserRouter([
  {
    // For everybody: problems name this address to programs as well.
    path: "docs/problems",
    lazy: async () => ({ Component: (await import("./docs/ProblemsPage.tsx")).ProblemsPage }),
    errorElement: <Crashed />,
    HydrateFallback: Opening,
  },
  {
    // The editor takes the whole window.
    element: <Gate bare />,
    errorElement: <Crashed />,
    children: [
      {
        path: "flows/:flowId/edit",
        lazy: async () => ({ Component: (await import("./editor/EditorPage.tsx")).EditorPage }),
      },
    ],
    HydrateFallback: Opening,
  },
  {
    element: <Gate />,
    errorElement: <Crashed />,
    children: [
      {
        errorElement: <Crashed />,
        children: [
          { index: true, element: <FlowsPage /> },
          { path: "flows", element: <Navigate to="/" replace /> },
          {
            path: "flows/:flowId/:tab?",
            lazy: async () => ({ Component: (await import("./flows/FlowPage.tsx")).FlowPage }),
          },
          {
            path: "runs",
            lazy: async () => ({ Component: (await import("./runs/RunsPage.tsx")).RunsPage }),
          },
          {
            path: "runs/:runId",
            lazy: async () => ({ Component: (await import("./runs/RunPage.tsx")).RunPage }),
          },
          {
            path: "deliveries",
            lazy: async () => ({
              Component: (await import("./deliveries/DeliveriesPage.tsx")).DeliveriesPage,
            }),
          },
          {
            path: "deliveries/:deliveryId",
            lazy: async () => ({ Component: (await import("./deliveries/DeliveryPage.tsx")).DeliveryPage }),
          },
          {
            path: "templates",
            lazy: async () => ({ Component: (await import("./templates/TemplatesPage.tsx")).TemplatesPage }),
          },
          {
            path: "connections",
            lazy: async () => ({
              Component: (await import("./connections/ConnectionsPage.tsx")).ConnectionsPage,
            }),
          },
          {
            path: "health",
            lazy: async () => ({ Component: (await import("./health/HealthPage.tsx")).HealthPage }),
          },
          {
            path: "settings",
            lazy: async () => ({ Component: (await import("./settings/SettingsPage.tsx")).SettingsPage }),
          },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
    HydrateFallback: Opening,
  },
]);

export function App() {
  return <RouterProvider router={router} />;
}

/** Nobody gets past it without a session; the address stays, so signing in leads where the person wanted to go. */
function Gate({ bare = false }: { bare?: boolean }) {
  const setup = useSetup();
  if (setup.data?.signedIn) return bare ? <Bare /> : <Shell me={setup.data.signedIn} />;
  if (setup.data?.needsOwner) return <SetupScreen />;
  if (setup.data) return <SignInScreen />;
  if (setup.error) {
    return (
      <Center mih="100dvh">
        <LoadFailed error={setup.error} again={() => void setup.refetch()} />
      </Center>
    );
  }
  return <Opening />;
}

/** A page without the frame; it still follows what moves. */
function Bare() {
  useLive();
  return <Outlet />;
}

function Opening() {
  return (
    <Center mih="100dvh" role="status" aria-label="Loading Flowcatch">
      <Logo size={44} />
    </Center>
  );
}
