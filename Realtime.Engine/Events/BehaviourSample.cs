namespace Realtime.Engine.Events;

/// <summary>One value of one behaviour channel that travelled beside the spikes (tracking, joystick); used to score answers, never to make them.</summary>
public readonly struct BehaviourSample(long sample, float value, int channel, long arrivalNs)
{
    /// <summary>Channel of a marker: the source began anew, and sample numbers from here on belong to the next epoch.</summary>
    public const int RestartChannel = -1;

    /// <summary>Sample number on the spikes' clock.</summary>
    public readonly long Sample = sample;

    /// <summary>Host monotonic time of arrival, ns.</summary>
    public readonly long ArrivalNs = arrivalNs;

    public readonly float Value = value;

    /// <summary>Index of the channel in its stream, or <see cref="RestartChannel"/>.</summary>
    public readonly int Channel = channel;
}
