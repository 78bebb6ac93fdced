using System.Text;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>Names of a stream's channels by number, as the headers tell them. One thread notes, any thread reads; allocates once per channel.</summary>
internal sealed class BehaviourNames
{
    // Behaviour has a handful of channels; names of more are not needed to score anything.
    private const int MaxChannels = 256;

    private readonly string?[] _byNumber = new string?[MaxChannels];
    private volatile string[] _names = [];

    /// <summary>The names from channel 0 up to the first that has not been seen.</summary>
    public IReadOnlyList<string> Names => _names;

    public void Note(int channel, ReadOnlySpan<byte> name)
    {
        if ((uint)channel >= MaxChannels || _byNumber[channel] is not null) return;
        _byNumber[channel] = Encoding.UTF8.GetString(name);
        _names = _byNumber.TakeWhile(known => known is not null).Select(known => known!).ToArray();
    }
}
