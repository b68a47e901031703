// The frame around every page: navigation at the left (behind a button on a phone), and who is signed in.

import { AppShell, Burger, NavLink } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconHeartbeat,
  IconHistory,
  IconInbox,
  IconPlugConnected,
  IconRoute,
  IconSettings,
} from "@tabler/icons-react";
import { Suspense, useEffect } from "react";
import { Link, Outlet, ScrollRestoration, useLocation } from "react-router";
import { useLive } from "./api/live.ts";
import type { Me } from "./api/session.ts";
import classes from "./Shell.module.css";
import { UserMenu } from "./UserMenu.tsx";
import { useKeptFocus } from "./ui/keep-focus.ts";
import { LiveHint } from "./ui/LiveHint.tsx";
import { Wordmark } from "./ui/Logo.tsx";
import { PageSkeleton } from "./ui/Skeletons.tsx";

const places = [
  { to: "/", label: "Flows", icon: IconRoute, also: ["/flows", "/templates"] },
  { to: "/deliveries", label: "Inbox", icon: IconInbox },
  { to: "/runs", label: "Runs", icon: IconHistory },
  { to: "/connections", label: "Connections", icon: IconPlugConnected },
  { to: "/health", label: "Health", icon: IconHeartbeat },
  { to: "/settings", label: "Settings", icon: IconSettings },
];

export function Shell({ me }: { me: Me }) {
  useLive();
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  useKeptFocus(pathname);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(close, [pathname]);

  return (
    <AppShell
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 224, breakpoint: "sm", collapsed: { mobile: !opened } }}
      transitionDuration={180}
    >
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell.Header className={classes.header} hiddenFrom="sm">
        <Burger opened={opened} onClick={toggle} size="sm" aria-label={opened ? "Close menu" : "Open menu"} />
        <Link to="/" aria-label="Flowcatch, to your flows" className={classes.home}>
          <Wordmark size={26} />
        </Link>
        <LiveHint />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <Link to="/" aria-label="Flowcatch, to your flows" className={`${classes.home} ${classes.mark}`}>
          <Wordmark size={28} />
        </Link>
        <nav aria-label="Main" className={classes.nav}>
          {places.map(({ to, label, icon: Icon, also }) => {
            const active =
              to === "/"
                ? pathname === "/" || also?.some((path) => pathname.startsWith(path))
                : pathname.startsWith(to);
            return (
              <NavLink
                key={to}
                component={Link}
                to={to}
                label={label}
                active={active}
                aria-current={active ? "page" : undefined}
                leftSection={<Icon size={18} stroke={1.8} aria-hidden="true" />}
                classNames={{ root: classes.place }}
              />
            );
          })}
        </nav>
        <div className={classes.foot}>
          <div className={classes.hint}>
            <LiveHint />
          </div>
          <UserMenu me={me} />
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
        <ScrollRestoration />
      </AppShell.Main>
    </AppShell>
  );
}
