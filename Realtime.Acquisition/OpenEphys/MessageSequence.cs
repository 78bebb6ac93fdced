namespace Realtime.Acquisition.OpenEphys;

/// <summary>
/// Follows the plugin's running number, which counts from 1 at each start of acquisition over all messages: the only sign of loss, and
/// the first one of a restart. Joining late is no loss. One thread.
/// </summary>
public sealed class MessageSequence
{
    private bool _any;
    private long _last;
    private long _unnumbered;

    /// <summary>Number of the latest message.</summary>
    public long Last => _last;

    /// <summary>What the latest <see cref="Next"/> found missing.</summary>
    public long Lost { get; private set; }

    /// <summary>Takes the number of the message that has just arrived.</summary>
    public SequenceStep Next(long number)
    {
        Lost = 0;
        var expected = _last + 1;
        var unnumbered = _unnumbered;
        var first = !_any;
        var last = _last;
        _any = true;
        _last = number;
        _unnumbered = 0;
        if (first) return SequenceStep.InOrder;
        if (number == last) return SequenceStep.Duplicate;
        if (number < last)
        {
            // Numbers before this one belong to the new run and have not come. 0 is no number of the plugin's, yet no reason to fail.
            Lost = Math.Max(0, number - 1);
            return SequenceStep.Restart;
        }

        // Messages whose number could not be read have filled part of the gap.
        Lost = Math.Max(0, number - expected - unnumbered);
        return Lost > 0 ? SequenceStep.Gap : SequenceStep.InOrder;
    }

    /// <summary>A message came whose number could not be read.</summary>
    public void Unnumbered() => _unnumbered++;
}
