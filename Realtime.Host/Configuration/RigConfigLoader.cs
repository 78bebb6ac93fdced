namespace Realtime.Host.Configuration;

/// <summary>Reads rig configs. Any thread; nothing is kept between calls.</summary>
public static class RigConfigLoader
{
    /// <summary>Reads and checks a file. Never throws for what a file may hold, nor for one that is missing.</summary>
    public static RigConfigResult Load(string path)
    {
        var problems = new ConfigProblems(path);
        var text = ConfigFileText.Read(path, problems);
        return text is null ? new RigConfigResult { Problems = problems.ToList() } : Parse(text, path, problems);
    }

    /// <summary>Checks a text as if it stood in <paramref name="path"/>, which need not exist.</summary>
    public static RigConfigResult Parse(string text, string path) => Parse(text, path, new ConfigProblems(path));

    private static RigConfigResult Parse(string text, string path, ConfigProblems problems)
    {
        if (new ConfigTreeReader(problems).Read(text) is { } tree)
        {
            var values = new ConfigSectionReader(problems, RigConfigKeys.Root).Read(RigConfigKeys.Root, "", tree);
            RigConfigRules.Check(values, problems);
            if (!problems.Any) return new RigConfigResult { Config = RigConfigBinder.Bind(values, Path.GetFullPath(path), text) };
        }

        return new RigConfigResult { Problems = problems.ToList() };
    }
}
