namespace Realtime.Models.Optimization;

/// <summary>What a step does to the rows of a row table whose gradient is all zero: units and sessions that the batch does not hold.</summary>
public enum AbsentRows
{
    /// <summary>Row and moments stay as they are.</summary>
    Keep,

    /// <summary>The row stays, its moments fall to 0. As upstream's SparseLamb is written.</summary>
    ResetMoments,

    /// <summary>They are stepped like any other row, by weight decay and what is left of their moments. As PyTorch's dense AdamW.</summary>
    Step,
}
