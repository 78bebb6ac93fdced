using System.Text.Json.Nodes;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Sessions;

namespace Realtime.Host.Commands;

/// <summary>The session of a calibration: a folder of its own, or what a run recorded.</summary>
/// <param name="Session">The session.</param>
/// <param name="LacksSplits">Whether its meta.json names none, so that those in <paramref name="Session"/> are the defaults.</param>
internal sealed record CalibrationSource(Session Session, bool LacksSplits)
{
    /// <param name="session">Folder of a session, or null.</param>
    /// <param name="run">Run folder, or null.</param>
    /// <param name="tell">Told what the user should read.</param>
    /// <exception cref="UserErrorException">Not exactly one of the two is given, or the run has no recording.</exception>
    /// <exception cref="SessionFormatException">The session cannot be read.</exception>
    public static CalibrationSource Read(string? session, string? run, Action<string> tell)
    {
        if (session is null == run is null)
            throw new UserErrorException("Name either a SESSION folder or --from-run RUN_FOLDER.", ExitCode.Usage);
        var folder = session ?? RecordingOf(run!, tell);

        // A recording that was cut off may lie anywhere by now.
        if (File.Exists(Path.Combine(folder, SessionFiles.Meta)) && SessionRepair.IsNeeded(folder))
            foreach (var note in SessionRepair.Repair(folder)) tell(note);
        var lacksSplits = !File.Exists(Path.Combine(folder, SessionFiles.Meta))
            || JsonNode.Parse(File.ReadAllText(Path.Combine(folder, SessionFiles.Meta)), null, new() { AllowTrailingCommas = true, CommentHandling = System.Text.Json.JsonCommentHandling.Skip })?["splits"] is null;
        return new CalibrationSource(SessionReader.Read(folder, note: tell), lacksSplits);
    }

    /// <summary>The longest of a run's sessions: a restart of the source begins another one.</summary>
    private static string RecordingOf(string run, Action<string> tell)
    {
        if (!Directory.Exists(run)) throw new UserErrorException($"There is no run folder {run}.", ExitCode.BadInput);
        var folders = Directory.GetDirectories(run, "session*").Where(folder => File.Exists(Path.Combine(folder, SessionFiles.SpikeTimes)))
            .OrderByDescending(folder => new FileInfo(Path.Combine(folder, SessionFiles.SpikeTimes)).Length).ToArray();
        if (folders.Length == 0)
            throw new UserErrorException($"{run} holds no recorded session. Record one with 'rtdecode run RIG --record', or set run.record: true in the rig config.", ExitCode.BadInput);
        if (folders.Length > 1) tell($"The run was restarted and holds {folders.Length} sessions; {Path.GetFileName(folders[0])} has the most spikes and is taken.");
        return folders[0];
    }
}
