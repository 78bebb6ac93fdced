using Realtime.Models.Differentiation;

namespace Realtime.Models.Mtm;

/// <summary>Where the tokens of a batch lie: trial after trial, in each the prefix and then the bins. Immutable.</summary>
internal sealed class MtmLayout
{
    /// <param name="prefix">Rows of the prefix.</param>
    /// <param name="bins">Of each trial.</param>
    /// <param name="mask">Who sees whom.</param>
    public MtmLayout(int prefix, IReadOnlyList<int> bins, MtmMask mask)
    {
        var (tokens, allBins) = (bins.Sum() + prefix * bins.Count, bins.Sum());
        (TokenParts, TokenRows) = (new int[tokens], new int[tokens]);
        (BinTokens, BinPositions) = (new int[allBins], new int[allBins]);
        TokenPositions = new int[tokens];
        Segments = new AttentionSegment[bins.Count];
        var isFull = mask is { Forward: < 0, Backward: <= 0 } && (mask.PrefixSeesBins || prefix == 0);
        var masks = new List<float>();
        var tables = new Dictionary<int, int>();
        var (token, row) = (0, 0);
        for (var trial = 0; trial < bins.Count; trial++)
        {
            var length = prefix + bins[trial];
            var table = -1;
            if (!isFull && !tables.TryGetValue(bins[trial], out table))
            {
                tables[bins[trial]] = table = masks.Count;
                var bias = new float[length * length];
                mask.Fill(prefix, Enumerable.Repeat(true, bins[trial]).ToArray(), bias);
                masks.AddRange(bias);
            }

            for (var place = 0; place < length; place++) TokenPositions[token + place] = place;
            Segments[trial] = new AttentionSegment(token, length, token, length, token, Mask: table);
            for (var part = 0; part < prefix; part++) TokenParts[token++] = part;
            for (var bin = 0; bin < bins[trial]; bin++, row++, token++)
            {
                (TokenParts[token], TokenRows[token]) = (prefix, row);
                (BinTokens[row], BinPositions[row]) = (token, bin);
            }
        }

        Masks = [.. masks];
    }

    /// <summary>For each token: the part of the prefix, or the number of parts for a bin.</summary>
    public int[] TokenParts { get; }

    /// <summary>For each token: its row in its part.</summary>
    public int[] TokenRows { get; }

    /// <summary>For each token: its place in its trial, the prefix counted.</summary>
    public int[] TokenPositions { get; }

    /// <summary>Token of each bin.</summary>
    public int[] BinTokens { get; }

    /// <summary>Place of each bin in its trial.</summary>
    public int[] BinPositions { get; }

    /// <summary>One per trial.</summary>
    public AttentionSegment[] Segments { get; }

    /// <summary>One table per distinct length; empty where all is seen.</summary>
    public float[] Masks { get; }
}
