using Realtime.Acquisition.MessagePack;
using Realtime.Engine.Answers;

namespace Realtime.Acquisition.Predictions;

/// <summary>
/// Reads prediction messages (docs/prediction-message.md). Keys may come in any order after the version; keys of later versions are
/// skipped; nothing is allocated while the texts stay the same. Any thread, one <see cref="PredictionMessage"/> each.
/// </summary>
public static class PredictionMessageReader
{
    // Names and units of the most channels at their longest, and as much again for keys of later versions.
    private const int MaxBytes = 2 * 2 * PredictionSchema.MaxOutputs * (PredictionSchema.MaxTextBytes + 3);

    private static readonly MsgPackLimits Limits = new()
    {
        MaxMessageBytes = MaxBytes,

        // A text under a key of a later version may be as long as the message: the limit of our own texts is checked apart.
        MaxStringBytes = MaxBytes,
    };

    /// <summary>Reads one payload (the second frame).</summary>
    /// <param name="payload">The MessagePack map.</param>
    /// <param name="message">Receives the message; holds nothing to act on where this returns false.</param>
    /// <param name="error">What was wrong.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, PredictionMessage message, out PredictionReadError error)
    {
        message.Clear();
        var reader = new MsgPackReader(payload, Limits);
        if (TryReadMap(ref reader, message, out error)) return true;
        message.Clear();
        return false;
    }

    private static bool TryReadMap(ref MsgPackReader reader, PredictionMessage message, out PredictionReadError error)
    {
        var answer = default(TickAnswer);
        var counts = (Names: 0, Units: 0, Values: 0);
        if (!TryReadVersion(ref reader, out var entries, out error)) return false;
        var seen = 1u << (int)PredictionKey.Version;
        var last = PredictionKey.Version;
        for (var i = 1; i < entries; i++)
        {
            var start = reader.Position;
            if (!reader.TryReadString(out var text)) return Malformed(ref reader, last, out error);
            if (!PredictionSchema.TryFindKey(text, i, out var key))
            {
                if (!reader.TrySkip()) return Malformed(ref reader, last, out error);
                continue;
            }

            if ((seen & 1u << (int)key) != 0) return Refuse(PredictionReadProblem.DuplicateKey, key, start, out error);
            seen |= 1u << (int)key;
            last = key;
            start = reader.Position;
            var problem = ReadValue(ref reader, key, message, ref answer, ref counts);
            if (reader.Error != MsgPackError.None) return Malformed(ref reader, key, out error);
            if (problem != PredictionReadProblem.None) return Refuse(problem, key, start, out error);
        }

        if (!reader.TryReadEnd()) return Malformed(ref reader, last, out error);
        for (var key = 0; key < PredictionSchema.KeyCount; key++)
        {
            if ((seen & 1u << key) == 0) return Refuse(PredictionReadProblem.MissingKey, (PredictionKey)key, reader.Position, out error);
        }

        if (counts.Names != counts.Values) return Refuse(PredictionReadProblem.WrongCount, PredictionKey.Names, reader.Position, out error);
        if (counts.Units != counts.Values) return Refuse(PredictionReadProblem.WrongCount, PredictionKey.Units, reader.Position, out error);
        message.Answer = answer;
        message.Count = counts.Values;
        return true;
    }

    private static bool TryReadVersion(ref MsgPackReader reader, out int entries, out PredictionReadError error)
    {
        error = default;
        if (!reader.TryReadMapHeader(out entries)) return Malformed(ref reader, PredictionKey.Version, out error);
        var start = reader.Position;
        if (entries == 0) return Refuse(PredictionReadProblem.NoVersion, PredictionKey.Version, start, out error);
        if (!reader.TryReadString(out var key)) return Malformed(ref reader, PredictionKey.Version, out error);
        if (!key.SequenceEqual(PredictionSchema.KeyText(PredictionKey.Version)))
            return Refuse(PredictionReadProblem.NoVersion, PredictionKey.Version, start, out error);
        start = reader.Position;
        if (!reader.TryReadInt64(out var version)) return Malformed(ref reader, PredictionKey.Version, out error);
        if (version == PredictionSchema.Version) return true;
        error = new PredictionReadError(PredictionReadProblem.UnknownVersion, PredictionKey.Version, MsgPackError.None, start, version);
        return false;
    }

    /// <summary>Reads the value of one key. What the codec refuses is left in the reader.</summary>
    private static PredictionReadProblem ReadValue(
        ref MsgPackReader reader, PredictionKey key, PredictionMessage message, ref TickAnswer answer,
        ref (int Names, int Units, int Values) counts)
    {
        switch (key)
        {
            case PredictionKey.Run or PredictionKey.Model or PredictionKey.ModelHash: return ReadText(ref reader, key, message, 0);
            case PredictionKey.Names: return ReadTexts(ref reader, key, message, out counts.Names);
            case PredictionKey.Units: return ReadTexts(ref reader, key, message, out counts.Units);
            case PredictionKey.Values: return ReadValues(ref reader, message, out counts.Values);
            case PredictionKey.Status:
                return !reader.TryReadString(out var status) || PredictionSchema.TryFindStatus(status, out answer.Status)
                    ? PredictionReadProblem.None
                    : PredictionReadProblem.UnknownStatus;
            case PredictionKey.Flags:
                if (!reader.TryReadInt32(out var flags)) return PredictionReadProblem.None;
                answer.Flags = (AnswerFlags)flags;
                return flags is < 0 or > ushort.MaxValue ? PredictionReadProblem.Malformed : PredictionReadProblem.None;
            case PredictionKey.SampleRate:
                reader.TryReadDouble(out var rate);
                message.SampleRate = rate;
                break;
            case PredictionKey.WallNs:
                reader.TryReadInt64(out var wall);
                message.WallNs = wall;
                break;
            case PredictionKey.Epoch: reader.TryReadInt32(out answer.Epoch); break;
            case PredictionKey.Spikes: reader.TryReadInt32(out answer.Spikes); break;
            case PredictionKey.Tick: reader.TryReadInt64(out answer.Tick); break;
            case PredictionKey.DataNs: reader.TryReadInt64(out answer.DataNs); break;
            case PredictionKey.Sample: reader.TryReadInt64(out answer.Sample); break;
            case PredictionKey.EmittedNs: reader.TryReadInt64(out answer.EmittedNs); break;
            case PredictionKey.AgeNs: reader.TryReadInt64(out answer.AgeNs); break;
            default: reader.TryReadInt64(out answer.ClockUncertaintyNs); break;
        }

        return PredictionReadProblem.None;
    }

    private static PredictionReadProblem ReadTexts(ref MsgPackReader reader, PredictionKey key, PredictionMessage message, out int count)
    {
        if (!reader.TryReadArrayHeader(out count)) return PredictionReadProblem.None;
        if (count is < 1 or > PredictionSchema.MaxOutputs) return PredictionReadProblem.WrongCount;
        for (var i = 0; i < count; i++)
        {
            var problem = ReadText(ref reader, key, message, i);
            if (problem != PredictionReadProblem.None || reader.Error != MsgPackError.None) return problem;
        }

        return PredictionReadProblem.None;
    }

    private static PredictionReadProblem ReadText(ref MsgPackReader reader, PredictionKey key, PredictionMessage message, int output)
    {
        if (!reader.TryReadString(out var text)) return PredictionReadProblem.None;
        if (text.Length > PredictionSchema.MaxTextBytes) return PredictionReadProblem.TextTooLong;
        switch (key)
        {
            case PredictionKey.Run: message.SetRun(text); break;
            case PredictionKey.Model: message.SetModel(text); break;
            case PredictionKey.ModelHash: message.SetModelHash(text); break;
            case PredictionKey.Names: message.SetName(output, text); break;
            default: message.SetUnit(output, text); break;
        }

        return PredictionReadProblem.None;
    }

    private static PredictionReadProblem ReadValues(ref MsgPackReader reader, PredictionMessage message, out int count)
    {
        if (!reader.TryReadArrayHeader(out count)) return PredictionReadProblem.None;
        if (count is < 1 or > PredictionSchema.MaxOutputs) return PredictionReadProblem.WrongCount;
        for (var i = 0; i < count && reader.TryReadSingle(out var value); i++) message.SetValue(i, value);
        return PredictionReadProblem.None;
    }

    private static bool Malformed(ref MsgPackReader reader, PredictionKey key, out PredictionReadError error)
    {
        error = new PredictionReadError(PredictionReadProblem.Malformed, key, reader.Error, reader.ErrorOffset, 0);
        return false;
    }

    private static bool Refuse(PredictionReadProblem problem, PredictionKey key, int offset, out PredictionReadError error)
    {
        var cause = problem == PredictionReadProblem.Malformed ? MsgPackError.OutOfRange : MsgPackError.None;
        error = new PredictionReadError(problem, key, cause, offset, PredictionSchema.Version);
        return false;
    }
}
