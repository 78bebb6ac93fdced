using Realtime.Host.Configuration;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary>Reads a rig config for a command, or says everything that is wrong with it.</summary>
internal static class ConfigLoading
{
    /// <exception cref="UserErrorException">The config was refused; its problems have been printed.</exception>
    public static RigConfig Load(string path)
    {
        var result = RigConfigLoader.Load(path);
        if (result.Ok) return result.Config;
        foreach (var problem in result.Problems) CommandRunner.Screen.MarkupLine($"[red]{Markup.Escape(problem.ToString())}[/]");
        throw new UserErrorException($"{result.Problems.Count} problem(s) in {path}; nothing was started.", ExitCode.BadConfig);
    }
}
