using System.Text;
using Realtime.Acquisition.OpenEphys;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Replay;

/// <summary>Refuses what cannot be sent, before anything is.</summary>
internal static class ReplayChecks
{
    /// <exception cref="ArgumentException">Says what cannot be sent, and why.</exception>
    public static void Check(Session session, ReplayOptions options)
    {
        if (!(session.SampleRateHz > 0))
            throw new ArgumentException($"Session {session.Name} has a sample rate of {session.SampleRateHz} Hz.");
        if (options.FramesPort is not null && session.Frames is null)
            throw new ArgumentException($"Session {session.Name} holds no video frames to send. Leave the frames' port out, or add {Recordings.SessionFiles.FrameTimes} and {Recordings.SessionFiles.FrameValues} to its folder.");
        var sent = new HashSet<UnitId>();
        foreach (var unit in session.Units.Units)
        {
            if (unit.SortedId is < 0 or > ushort.MaxValue)
                throw new ArgumentException($"Unit {unit} of session {session.Name}: the protocol's sorted ids go from 0 to 65535.");
            CheckName(unit.Electrode, unit);
            CheckName(options.Stream ?? unit.Stream, unit);
            if ((options.Stream ?? unit.Stream) == options.BehaviourStream)
                throw new ArgumentException($"Stream '{options.BehaviourStream}' cannot be both spikes' and behaviour's; rename one.");
            if (!sent.Add(unit with { Stream = options.Stream ?? unit.Stream }))
                throw new ArgumentException($"Unit {unit} would be sent under the same names as another one; leave out the stream name.");
        }

        if (options.ToSeconds is null && session.SampleAt(options.FromSeconds) >= EndOf(session))
        {
            throw new ArgumentException($"Replay start of {options.FromSeconds} s lies at or after the end of session {session.Name} "
                + $"({EndOf(session) / session.SampleRateHz:0.###} s).");
        }
    }

    /// <summary>Sample after the session's last.</summary>
    public static long EndOf(Session session)
    {
        var end = session.SampleAt(session.DurationSeconds);
        if (session.SpikeSamples.Length > 0) end = Math.Max(end, session.SpikeSamples[^1] + 1);
        if (session.BehaviourSamples.Length > 0) end = Math.Max(end, session.BehaviourSamples[^1] + 1);
        return end;
    }

    private static void CheckName(string name, UnitId unit)
    {
        if (Encoding.UTF8.GetByteCount(name) > OpenEphysMessage.MaxNameBytes)
            throw new ArgumentException($"Unit {unit}: a name of more than {OpenEphysMessage.MaxNameBytes} bytes cannot be read back.");
    }
}
