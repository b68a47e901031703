// Which variables of the environment look like a setting that was written wrongly, and would be passed over in silence.

/** A sentence for each: it may be somebody else's, so it refuses nothing. */
export function misspelt(env: NodeJS.ProcessEnv, settings: readonly string[]): string[] {
  return Object.keys(env).flatMap((name) => {
    if (settings.includes(name)) return [];
    const meant = settings.find((setting) => !env[setting]?.trim() && looksLike(name, setting));
    return meant === undefined
      ? []
      : [`${name} is no setting, and ${meant} is not set. If ${meant} was meant, rename it.`];
  });
}

// Below this a slip leads to a name that others use, such as HOSTS.
const LEAST_LENGTH = 8;

function looksLike(name: string, setting: string): boolean {
  if (setting.length < LEAST_LENGTH) return false;
  const given = plain(name);
  const meant = plain(setting);
  return given === meant || isOneSlip(given, meant);
}

function plain(name: string): string {
  return name.toUpperCase().replace(/[_.-]/g, "");
}

/** Whether one letter too many, too few, another one, or two the wrong way round make the one of the other. */
function isOneSlip(given: string, meant: string): boolean {
  if (Math.abs(given.length - meant.length) > 1) return false;
  let same = 0;
  while (same < meant.length && given[same] === meant[same]) same++;
  const rest = (text: string, from: number) => text.slice(same + from);
  return (
    rest(given, 1) === rest(meant, 1) ||
    rest(given, 1) === rest(meant, 0) ||
    rest(given, 0) === rest(meant, 1) ||
    (given[same] === meant[same + 1] && given[same + 1] === meant[same] && rest(given, 2) === rest(meant, 2))
  );
}
