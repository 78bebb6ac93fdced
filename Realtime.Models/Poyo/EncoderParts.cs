using Realtime.Models.Kernels;

namespace Realtime.Models.Poyo;

/// <summary>
/// Partial attention of groups of latents over bins of spikes, kept from window to window. Because latents carry no embedding of their step and
/// only differences of time enter, a group at an absolute time has the same partial sums over a bin in every window that holds both. Windows
/// whose grids of groups differ use different sets. A part is taken again only if group, bin and the bin's spikes are the same.
/// </summary>
internal sealed class EncoderParts
{
    private readonly long[] _groupNs;
    private readonly long[] _binNs;
    private readonly ulong[] _content;

    /// <param name="sets">Interleaved grids of groups.</param>
    /// <param name="groups">Groups of latents in a window; also the number of bins.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="latents">Latents of a group.</param>
    /// <param name="headDim">Width of a head.</param>
    public EncoderParts(int sets, int groups, int heads, int latents, int headDim)
    {
        (Sets, Groups, Heads, Latents, HeadDim) = (sets, groups, heads, latents, headDim);
        var parts = sets * groups * groups;
        _groupNs = new long[parts];
        _binNs = new long[parts];
        _content = new ulong[parts];
        Rows = groups * latents;
        Sums = new AlignedFloats(checked(sets * groups * heads * Rows * headDim));
        Top = new AlignedFloats(checked(sets * groups * heads * Rows));
        Weight = new AlignedFloats(checked(sets * groups * heads * Rows));
        Clear();
    }

    public int Sets { get; }

    public int Groups { get; }

    public int Heads { get; }

    public int Latents { get; }

    public int HeadDim { get; }

    /// <summary>Latents of all groups: the rows of one bin and head.</summary>
    public int Rows { get; }

    /// <summary>[sets, bins, heads, groups, latents, head width]: Σ e^(score - top) R v.</summary>
    public AlignedFloats Sums { get; }

    /// <summary>[sets, bins, heads, groups, latents].</summary>
    public AlignedFloats Top { get; }

    /// <summary>[sets, bins, heads, groups, latents].</summary>
    public AlignedFloats Weight { get; }

    /// <summary>Distance of two bins in <see cref="Top"/> and <see cref="Weight"/>; times the head width, in <see cref="Sums"/>.</summary>
    public int BinStride => Heads * Rows;

    public void Clear() => Array.Fill(_groupNs, long.MinValue);

    /// <summary>First row of a group in a set, bin and head.</summary>
    public int Row(int set, int bin, int head, int group) => ((set * Groups + bin) * Heads + head) * Rows + group * Latents;

    /// <summary>Whether the sums are those of this group and this bin's spikes; if not, they are emptied and become theirs.</summary>
    public bool Take(int set, int bin, int group, long groupNs, long binNs, ulong content)
    {
        var part = (set * Groups + bin) * Groups + group;
        if (_groupNs[part] == groupNs && _binNs[part] == binNs && _content[part] == content) return true;
        (_groupNs[part], _binNs[part], _content[part]) = (groupNs, binNs, content);
        for (var head = 0; head < Heads; head++)
        {
            var row = Row(set, bin, head, group);
            Sums.Span.Slice(row * HeadDim, Latents * HeadDim).Clear();
            Top.Span.Slice(row, Latents).Fill(float.NegativeInfinity);
            Weight.Span.Slice(row, Latents).Clear();
        }

        return false;
    }
}
