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
    public long Lost;
    public long Restarts;
    public long RestartsBySample;
    public long TtlsRingFull;
    public long BehaviourSamples;
    public long BehaviourRingFull;
    public long LastMessageNs;
    public long SampleRateBits;
}
