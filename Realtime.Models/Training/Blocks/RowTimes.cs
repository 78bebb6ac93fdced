using Realtime.Models.Kernels;

namespace Realtime.Models.Training.Blocks;

/// <summary>The time of each row of a variable, as cosines and sines.</summary>
/// <param name="Table">One row per distinct time.</param>
/// <param name="Rows">Row of the table for each row of the variable.</param>
internal readonly record struct RowTimes(RotaryTable Table, int[] Rows);
