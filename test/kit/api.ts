// The API as a program uses it: signed in once, typed by shared/api.ts, failing loudly on any problem.

import {
  type Api,
  api,
  type BodyOf,
  type ParamsOf,
  type QueryOf,
  type ResponseOf,
  type RouteName,
} from "../../shared/api.ts";

export interface Call<N extends RouteName> {
  params?: ParamsOf<N>;
  query?: QueryOf<N>;
  body?: BodyOf<N>;
}

export type Client = <N extends RouteName>(name: N, call?: Call<N>) => Promise<ResponseOf<N>>;

/** Signs in (or creates the owner when there is none) and gives a function that calls routes by name. */
export async function signIn(url: string, email: string, password: string): Promise<Client> {
  let cookie = "";
  const client: Client = async (name, call = {}) => {
    const route: Api[RouteName] = api[name];
    let path = route.path;
    for (const [key, value] of Object.entries(call.params ?? {}))
      path = path.replace(`{${key}}`, encodeURIComponent(String(value)));
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) query.set(key, String(value));
    const answer = await fetch(`${url}/api${path}${query.size > 0 ? `?${query}` : ""}`, {
      method: route.method.toUpperCase(),
      headers: {
        "x-flowcatch": "1",
        ...(cookie ? { cookie } : {}),
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${name} answered ${answer.status}: ${text}`);
    cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return (text === "" ? undefined : JSON.parse(text)) as never;
  };
  const { needsOwner } = await client("setup");
  await client(needsOwner ? "createOwner" : "signIn", { body: { email, password } });
  return client;
}
