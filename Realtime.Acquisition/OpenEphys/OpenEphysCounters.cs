namespace Realtime.Acquisition.OpenEphys;

/// <summary>What one receiving thread counts. It alone writes; the fields are aligned longs, so that any thread may read them.</summary>
internal sealed class OpenEphysCounters
{
    public readonly long[] ByProblem = new long[Enum.GetValues<ParseProblem>().Length];
    public long Messages;
    public long Bytes;
    public long Spikes;
    public long Ttls;
    public long DataMessages;
    public long DataBlocks;
    public long UnknownEventCodes;
    public long UnknownEnvelopes;
    public long WithoutOptionalFields;
    public long OtherStreamMessages;
    public long Duplicates;
    public long FirstMessageNumber = -1;
    public long LastMessageNumber;
    public long Lost;
    public long Restarts;
    public long RestartsBySample;
    public long TtlsRingFull;
    public long BehaviourSamples;
    public long BehaviourRingFull;
    public long LastMessageNs;
    public long SampleRateBits;

    public OpenEphysStatistics Snapshot()
    {
        var problems = new List<(ParseProblem Problem, long Messages)>();
        for (var at = 1; at < ByProblem.Length; at++)
        {
            var count = Volatile.Read(ref ByProblem[at]);
            if (count > 0 && (ParseProblem)at != ParseProblem.UnknownType) problems.Add(((ParseProblem)at, count));
        }

        return new OpenEphysStatistics
        {
            SampleRateHz = BitConverter.Int64BitsToDouble(Volatile.Read(ref SampleRateBits)),
            Messages = Volatile.Read(ref Messages),
            Bytes = Volatile.Read(ref Bytes),
            Spikes = Volatile.Read(ref Spikes),
            Ttls = Volatile.Read(ref Ttls),
            DataMessages = Volatile.Read(ref DataMessages),
            DataBlocks = Volatile.Read(ref DataBlocks),
            Malformed = problems.Sum(problem => problem.Messages),
            Problems = problems,
            UnknownTypes = Volatile.Read(ref ByProblem[(int)ParseProblem.UnknownType]) + Volatile.Read(ref UnknownEventCodes),
            UnknownEnvelopes = Volatile.Read(ref UnknownEnvelopes),
            WithoutOptionalFields = Volatile.Read(ref WithoutOptionalFields),
            OtherStreamMessages = Volatile.Read(ref OtherStreamMessages),
            Duplicates = Volatile.Read(ref Duplicates),
            FirstMessageNumber = Math.Max(0, Volatile.Read(ref FirstMessageNumber)),
            LastMessageNumber = Volatile.Read(ref LastMessageNumber),
            Lost = Volatile.Read(ref Lost),
            Restarts = Volatile.Read(ref Restarts),
            RestartsBySample = Volatile.Read(ref RestartsBySample),
            TtlsRingFull = Volatile.Read(ref TtlsRingFull),
            BehaviourSamples = Volatile.Read(ref BehaviourSamples),
            BehaviourRingFull = Volatile.Read(ref BehaviourRingFull),
            LastMessageNs = Volatile.Read(ref LastMessageNs),
        };
    }
}
