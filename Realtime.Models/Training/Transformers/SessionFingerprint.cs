using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Realtime.Engine.Sessions;

namespace Realtime.Models.Training.Transformers;

/// <summary>Names the content of sessions: everything that training reads.</summary>
public static class SessionFingerprint
{
    /// <summary>Lower-case hexadecimal SHA-256 over names, clocks, units and their regions, spikes, behaviour, video frames, segments and splits, in the order given.</summary>
    public static string Of(IEnumerable<Session> sessions)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var session in sessions)
        {
            Text(session.Name);
            Numbers<double>([session.SampleRateHz, session.DurationSeconds]);
            foreach (var unit in session.Units.Units) Text(unit.ToString());
            Numbers<int>([session.UnitRegions.Count]);
            foreach (var region in session.UnitRegions) Text(region);
            foreach (var channel in session.Behaviour) Text($"{channel.Name} {channel.Unit}");
            Numbers<long>(session.SpikeSamples);
            Numbers<int>(session.SpikeUnits);
            Numbers<long>(session.BehaviourSamples);
            Numbers<float>(session.BehaviourValues);
            if (session.Frames is { } frames) Frames(frames);
            foreach (var ranges in new[] { session.Segments, session.Train, session.Valid, session.Test })
                Numbers<double>([ranges.Count, .. ranges.SelectMany(range => new[] { range.Start, range.End })]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Numbers<T>(ReadOnlySpan<T> values)
            where T : unmanaged
        {
            hash.AppendData(BitConverter.GetBytes((long)values.Length));
            hash.AppendData(MemoryMarshal.AsBytes(values));
        }

        void Frames(SessionFrames frames)
        {
            Text(frames.Shape.ToString());
            Numbers<long>(frames.Samples);
            for (var frame = 0; frame < frames.Count; frame++)
            {
                var size = frames.Shape.Pixels;
                if (frames.AreBytes) hash.AppendData(frames.Bytes.Slice(frame * size, size));
                else hash.AppendData(MemoryMarshal.AsBytes(frames.Numbers.Slice(frame * size, size)));
            }
        }

        void Text(string text) => Numbers<byte>(Encoding.UTF8.GetBytes(text));
    }
}
