using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Recordings;

/// <summary>Writes a session folder (docs/session-layout.md) that <see cref="SessionReader"/> reads back to the same session.</summary>
public static class SessionWriter
{
    // Only what a session folder may hold is ever deleted when one is replaced.
    private static readonly string[] Replaceable =
    [
        SessionFiles.Meta, SessionFiles.SpikeTimes, SessionFiles.SpikeClusters, SessionFiles.BehaviourTimes, SessionFiles.BehaviourValues,
        SessionFiles.FrameTimes, SessionFiles.FrameValues, SessionFiles.FrameArrivals, SessionFiles.Truth,
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes into a folder beside the target and then renames it, so that the target is never half written.</summary>
    /// <param name="session">The session.</param>
    /// <param name="folder">Target; must not exist, or be empty, unless <paramref name="overwrite"/> is set.</param>
    /// <param name="extraMeta">More keys for meta.json; may not name one the session itself sets.</param>
    /// <param name="overwrite">Replace a session folder; refused where it holds files this writer does not make.</param>
    /// <param name="addFiles">Called with the unfinished folder to write more files into; may be null.</param>
    /// <exception cref="ArgumentException">The session's arrays disagree, or an extra key is taken.</exception>
    /// <exception cref="IOException">The target holds files, or can't be written.</exception>
    public static void Write(Session session, string folder, IReadOnlyDictionary<string, JsonNode?>? extraMeta = null,
        bool overwrite = false, Action<string>? addFiles = null)
    {
        CheckArrays(session);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var meta = SessionMetaWriter.Build(session, extraMeta);
        CheckTarget(target, overwrite);
        var parent = Path.GetDirectoryName(target) ?? throw new IOException($"{folder} is the root of a drive; name a folder on it.");
        Directory.CreateDirectory(parent);
        var unfinished = Path.Combine(parent, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.unfinished");
        Directory.CreateDirectory(unfinished);
        try
        {
            WriteFiles(session, unfinished, meta);
            addFiles?.Invoke(unfinished);
            Replace(target, unfinished);
        }
        finally
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        }
    }

    private static void WriteFiles(Session session, string folder, JsonObject meta)
    {
        var spikes = session.SpikeSamples.Length;
        NpyFile.Write<double>(Path.Combine(folder, SessionFiles.SpikeTimes), Seconds(session, session.SpikeSamples), spikes);
        NpyFile.Write<int>(Path.Combine(folder, SessionFiles.SpikeClusters), session.SpikeUnits, spikes);
        if (session.Behaviour.Count > 0)
        {
            var rows = session.BehaviourSamples.Length;
            NpyFile.Write<double>(Path.Combine(folder, SessionFiles.BehaviourTimes), Seconds(session, session.BehaviourSamples), rows);
            var path = Path.Combine(folder, SessionFiles.BehaviourValues);
            NpyFile.Write<float>(path, session.BehaviourValues, rows, session.Behaviour.Count);
        }

        if (session.Frames is { } frames)
        {
            NpyFile.Write<double>(Path.Combine(folder, SessionFiles.FrameTimes), Seconds(session, frames.Samples), frames.Count);
            if (frames.Arrivals != frames.Samples) NpyFile.Write<double>(Path.Combine(folder, SessionFiles.FrameArrivals), Seconds(session, frames.Arrivals), frames.Count);
            var path = Path.Combine(folder, SessionFiles.FrameValues);
            if (frames.AreBytes) NpyFile.Write(path, frames.Bytes, frames.Count, frames.Shape.Height, frames.Shape.Width);
            else NpyFile.Write(path, frames.Numbers, frames.Count, frames.Shape.Height, frames.Shape.Width);
        }

        File.WriteAllText(Path.Combine(folder, SessionFiles.Meta), meta.ToJsonString(Indented) + "\n");
    }

    private static double[] Seconds(Session session, long[] samples) => Array.ConvertAll(samples, sample => sample / session.SampleRateHz);

    private static void CheckArrays(Session session)
    {
        var spikes = session.SpikeSamples.Length;
        if (spikes != session.SpikeUnits.Length)
            throw new ArgumentException($"{spikes} spike times but {session.SpikeUnits.Length} units.", nameof(session));
        if (session.BehaviourValues.Length != session.BehaviourSamples.Length * session.Behaviour.Count)
            throw new ArgumentException($"{session.BehaviourSamples.Length} behaviour rows of {session.Behaviour.Count} columns, "
                + $"but {session.BehaviourValues.Length} values.", nameof(session));
    }

    private static void CheckTarget(string target, bool overwrite)
    {
        if (File.Exists(target)) throw new IOException($"{target} is a file; name a folder that does not exist yet.");
        if (!Directory.Exists(target)) return;
        var stranger = Directory.EnumerateFileSystemEntries(target).Select(Path.GetFileName)
            .FirstOrDefault(name => !overwrite || !Replaceable.Contains(name));
        if (stranger is null) return;
        throw new IOException(overwrite
            ? $"{target} holds '{stranger}', which is no part of a written session; nothing was replaced. Name another folder."
            : $"{target} is not empty (it holds '{stranger}'); name a new folder, or overwrite it (--force).");
    }

    private static void Replace(string target, string finished)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(finished, target);
            return;
        }

        var old = finished + ".old";
        Directory.Move(target, old);
        try
        {
            Directory.Move(finished, target);
        }
        catch
        {
            Directory.Move(old, target);
            throw;
        }

        Directory.Delete(old, recursive: true);
    }
}
