namespace Realtime.Engine.Sessions;

/// <summary>A stretch of session time, seconds, start inclusive and end exclusive.</summary>
public readonly record struct TimeRange(double Start, double End)
{
    public double Length => End - Start;

    public bool Contains(double time) => time >= Start && time < End;
}
